import type { Dispatcher, Hypervisor } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { type Areas, DTL_ENTRY } from './areas.ts';

/** Offsets in the Virtual Processor Area (LoPAR; Linux, `struct lppaca`). */
const YIELD_COUNT = 0x100;
const DTL_INDEX = 0x218;

/** Reason of a dispatch in KVM's entries, whatever it was: the end of a time slice. */
const TIME_SLICE = 7;

/**
 * What a hypervisor tells an operating system of its virtual processors, where that has asked for it by H_REGISTER_VPA.
 *
 * The yield count grows when a vCPU is dispatched, then it is even, and when it cedes or stops, then it is odd; one that the
 * guest left on the wrong side is corrected (QEMU, hw/ppc/spapr.c, spapr_cpu_exec_enter and _exit). Every dispatch is an
 * entry of the trace, written before the index says so, as KVM has it (book3s_hv.c): it looks at no mask of events.
 *
 * Counters wrap, or no two runs would ever meet: the yield count at `wrap`, which is even and so keeps its parity; the index
 * at `wrap` times the entries of the log, so that it still says where the next entry goes.
 */
export function declareDispatcher(ctx: PluginContext, hypervisor: Hypervisor, areas: Areas, wrap: number): Dispatcher {
  const count = (agent: number, parity: 0 | 1) => {
    const { vpa } = areas.of(agent);
    if (vpa === 0) return;
    const next = (ctx.ram.readU32(vpa + YIELD_COUNT, 'big') + 1) % wrap;
    areas.write(agent, 'vpa', vpa + YIELD_COUNT, bigEndian(4, next % 2 === parity ? next : (next + 1) % wrap));
  };
  const entries = (agent: number) => Math.floor(areas.of(agent).dtlBytes / DTL_ENTRY);

  // Each step asks anew: another vCPU may give an area back between two.
  const machine = hypervisor.steps({
    name: 'dispatch',
    steps: {
      'yield count': (c) => {
        count(c.agent, 0);
        return areas.of(c.agent).dtl === 0 ? c.resume() : c.goto('trace');
      },
      trace(c) {
        const { dtl, dtlIndex } = areas.of(c.agent);
        if (dtl === 0) return c.resume();
        const at = dtl + (dtlIndex % entries(c.agent)) * DTL_ENTRY;
        areas.write(c.agent, 'dtl', at, entry(c.agent, c.vcpu.reg('tb'), c.vcpu.reg('nip'), c.vcpu.reg('msr')));
        return c.goto('index');
      },
      index(c) {
        const { dtl, dtlIndex, vpa } = areas.of(c.agent);
        if (dtl === 0) return c.resume();
        const next = (dtlIndex + 1) % (wrap * entries(c.agent));
        areas.of(c.agent).dtlIndex = next;
        areas.write(c.agent, 'vpa', vpa + DTL_INDEX, bigEndian(8, next));
        return c.resume();
      },
    },
  });

  return {
    dispatch: (agent) => (areas.of(agent).vpa === 0 ? undefined : machine),
    yielded: (agent) => count(agent, 1),
  };
}

function bigEndian(bytes: 4 | 8, value: number): Uint8Array {
  const out = new Uint8Array(bytes);
  const view = new DataView(out.buffer);
  if (bytes === 4) view.setUint32(0, value);
  else view.setBigUint64(0, BigInt(value));
  return out;
}

/** An entry, big-endian: reasons, processor, three times nobody measured, timebase, fault address, and where the vCPU goes on. */
function entry(agent: number, timebase: bigint, srr0: bigint, srr1: bigint): Uint8Array {
  const out = new Uint8Array(DTL_ENTRY);
  const view = new DataView(out.buffer);
  view.setUint8(0, TIME_SLICE);
  view.setUint16(2, agent);
  view.setBigUint64(16, timebase);
  view.setBigUint64(32, srr0);
  view.setBigUint64(40, srr1);
  return out;
}
