import { bool, enumOf, type PluginContext, u64 } from '@checkstop/kernel';
import { CHECK_KINDS } from './check-kinds.ts';
import type { Check, Checks } from './checks.ts';

/** What slbia throws away: the entries of the SLB, and what the ERAT has of them (Power ISA 3.0B, Book III, 5.9.3.1). */
const GOES_WITH_SLB = /^(slb|erat)-/;

/**
 * What synchronous checks leave behind. An instruction that meets a bad entry of a lookaside buffer, or bad memory, meets it again
 * whenever it is executed, until somebody repairs it: SLB and ERAT a guest repairs by slbia; neither the TLB, which is the
 * hypervisor's, nor memory.
 *
 * There is one for each vCPU, that of its last check, at the address of the instruction that met it.
 */
export class Causes {
  private readonly state;

  constructor(
    ctx: PluginContext,
    private readonly nip: (agent: number) => bigint,
    private readonly latch: Checks['latch'],
  ) {
    const fields = { present: bool, at: u64, kind: enumOf(CHECK_KINDS), address: u64, again: bool };
    this.state = ctx.state('perAgent', 'hypervisor.cause', fields);
    ctx.bus.on('slbInvalidated', ({ agent }) => {
      const { present, kind } = this.state.at(agent);
      if (present && GOES_WITH_SLB.test(kind)) this.forget(agent);
    });
  }

  /** Whether there is one: then the vCPU has to be asked before each of its instructions. */
  present(agent: number): boolean {
    return this.state.at(agent).present;
  }

  /** Whether one was met a second time: nobody has repaired it. */
  unrepaired(agent: number): boolean {
    return this.state.at(agent).again;
  }

  /** The vCPU is about to execute an instruction: if that has met one, it is struck instead. Says whether it was. */
  strikesAgain(agent: number): boolean {
    if (!this.present(agent)) return false;
    const { at, kind, address } = this.state.at(agent);
    if (at !== this.nip(agent)) return false;
    this.latch(agent, { kind, address, recovered: false, synchronous: true });
    return true;
  }

  /** The instruction at an address meets it, perhaps not for the first time. */
  meet(agent: number, nip: bigint, { kind, address }: Pick<Check, 'kind' | 'address'>): void {
    const { present, at } = this.state.at(agent);
    Object.assign(this.state.at(agent), { present: true, at: nip, kind, address, again: present && at === nip });
  }

  /** It is repaired, or the vCPU is gone. */
  forget(agent: number): void {
    this.state.clear(agent);
  }
}
