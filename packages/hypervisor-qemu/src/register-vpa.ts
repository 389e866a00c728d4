import {
  H_HARDWARE,
  H_PARAMETER,
  H_RESOURCE,
  H_SUCCESS,
  type Hypervisor,
  type StepMachine,
} from '@checkstop/hypervisor';
import type { PluginContext, Ram } from '@checkstop/kernel';
import { type Areas, DTL_ENTRY, SIZE } from './areas.ts';

/** Where the sub-function stands in r4; nothing else may (LoPAR, H_REGISTER_VPA: bits 16 to 18). */
const FUNCTION_SHIFT = 45n;

const CACHE_LINE = 128;
const PAGE = 4096;
const VPA_MIN = 640;
const SLB_SHADOW_MIN = 8;

/** A byte of the VPA and its bit that says: this processor is shared with others. */
const STATUS = { at: 9, sharedProcessor: 0x02 } as const;

/** What a sub-function does for a vCPU, and answers. */
type SubFunction = (areas: Areas, ram: Ram, agent: number, address: number) => number;

const register =
  (sizeOf: (ram: Ram, address: number) => number, least: number, set: SubFunction): SubFunction =>
  (areas, ram, agent, address) => {
    if (address === 0) return H_HARDWARE;
    // QEMU does not look whether an area lies in memory; LoPAR has H_PARAMETER for one that does not.
    if (!ram.holds(address, SIZE + 4)) return H_PARAMETER;
    const size = sizeOf(ram, address);
    return size < least || !ram.holds(address, size) ? H_PARAMETER : set(areas, ram, agent, address);
  };

const size16 = (ram: Ram, address: number) => ram.readU32(address + SIZE, 'big') >>> 16;
const size32 = (ram: Ram, address: number) => ram.readU32(address + SIZE, 'big');
const crossesPage = (address: number, size: number) =>
  Math.floor(address / PAGE) !== Math.floor((address + size - 1) / PAGE);

const registerVpa = register(size16, VPA_MIN, (areas, ram, agent, address) => {
  if (address % CACHE_LINE !== 0 || crossesPage(address, size16(ram, address))) return H_PARAMETER;
  areas.set(agent, 'vpa', address);
  const [status = 0] = ram.readBytes(address + STATUS.at, 1);
  areas.write(agent, 'vpa', address + STATUS.at, Uint8Array.of(status | STATUS.sharedProcessor));
  return H_SUCCESS;
});

const registerDtl = register(size32, DTL_ENTRY, (areas, ram, agent, address) => {
  if (areas.of(agent).vpa === 0) return H_RESOURCE;
  areas.set(agent, 'dtl', address);
  areas.of(agent).dtlBytes = size32(ram, address);
  areas.of(agent).dtlIndex = 0;
  return H_SUCCESS;
});

const registerSlbShadow = register(size32, SLB_SHADOW_MIN, (areas, ram, agent, address) => {
  if (crossesPage(address, size32(ram, address))) return H_PARAMETER;
  if (areas.of(agent).vpa === 0) return H_RESOURCE;
  areas.of(agent).slbShadow = address;
  return H_SUCCESS;
});

const deregisterVpa: SubFunction = (areas, _ram, agent) => {
  const { slbShadow, dtl } = areas.of(agent);
  if (slbShadow !== 0 || dtl !== 0) return H_RESOURCE;
  areas.set(agent, 'vpa', 0);
  return H_SUCCESS;
};

const deregisterDtl: SubFunction = (areas, _ram, agent) => {
  areas.set(agent, 'dtl', 0);
  areas.of(agent).dtlBytes = 0;
  areas.of(agent).dtlIndex = 0;
  return H_SUCCESS;
};

const deregisterSlbShadow: SubFunction = (areas, _ram, agent) => {
  areas.of(agent).slbShadow = 0;
  return H_SUCCESS;
};

const SUB_FUNCTIONS: readonly (SubFunction | undefined)[] = [
  undefined,
  registerVpa,
  registerDtl,
  registerSlbShadow,
  undefined,
  deregisterVpa,
  deregisterDtl,
  deregisterSlbShadow,
];

/**
 * H_REGISTER_VPA: r4 sub-function, r5 number of the vCPU, r6 real address. What is refused, and by which code, is as in QEMU
 * (hw/ppc/spapr_hcall.c, h_register_vpa) but for areas outside memory; the last registration wins. A VPA cannot go while a
 * dispatch trace log or an SLB shadow is registered, and neither can come before it.
 */
export const registerVpaRow = (ctx: PluginContext, hypervisor: Hypervisor, areas: Areas): StepMachine =>
  hypervisor.steps({
    name: 'H_REGISTER_VPA',
    steps: {
      register(c) {
        const [flags, processor, address] = [c.vcpu.gpr(4), c.vcpu.gpr(5), c.vcpu.gpr(6)];
        const code = flags >> FUNCTION_SHIFT;
        const run = code << FUNCTION_SHIFT === flags ? SUB_FUNCTIONS[Number(code)] : undefined;
        if (!run || processor >= BigInt(ctx.agentCount)) return c.done(H_PARAMETER);
        return c.done(run(areas, ctx.ram, Number(processor), Number(address)));
      },
    },
  });
