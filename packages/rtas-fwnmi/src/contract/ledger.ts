import { MAX_CHECK_LEVELS, MAX_RESETS } from '@checkstop/hypervisor';
import {
  type Accessor,
  agentId,
  bool,
  enumOf,
  type Lease,
  type PluginContext,
  type State,
  u32,
  u64,
} from '@checkstop/kernel';
import { MSR, type RegisterName, SPECIAL_REGISTERS, type Vcpu } from '@checkstop/ppc-core';

/** Registers that nobody need find as a check found them, or that are compared for themselves. */
const NOT_COMPARED = [
  ...(['nip', 'msr', 'srr0', 'srr1'] as const), // for themselves
  ...(['dar', 'dsisr'] as const), // they are the error's
  ...(['hsrr0', 'hsrr1', 'heir', 'ile'] as const), // the hypervisor's
  ...(['dec', 'tb'] as const), // time goes on
  ...(['pir', 'pvr'] as const), // nobody can write them
];

/** Name of a compared register. */
export type ComparedRegister = Exclude<RegisterName, (typeof NOT_COMPARED)[number]>;

const isCompared = (name: RegisterName): name is ComparedRegister => !NOT_COMPARED.some((other) => other === name);

/** The registers that the entry contract compares besides r0 to r31 (contract: every architected register but r3; LoPAR, FWNMI option, R1-7.3.14-13). */
export const COMPARED: readonly ComparedRegister[] = SPECIAL_REGISTERS.filter(isCompared);

const level = {
  /**
   * `struck`: the check came; `entered`: the registered routine was entered; `released`: the interlock was given back.
   * `reset`: no check, but a system reset that was taken to the registered routine for them.
   */
  stage: enumOf(['none', 'struck', 'entered', 'released', 'reset']),
  /** The routine that was registered when firmware last had a say in this check, by reporting it or entering the routine; 0 before. */
  handedTo: u32,
  /** Firmware left it to 0x200. */
  architected: bool,
  /** Ends of registrations before it struck. */
  ends: u32,
  /** Which of this vCPU's checks it is, counted from 1. */
  sequence: u32,
  nip: u64,
  msr: u64,
  gprs: u64.array(32),
  special: u64.array(COMPARED.length),
  /** Interrupts of other kinds taken on top of it and not yet returned from. */
  nested: u32,
  /** SRR1[RI] as the routine found it. */
  recoverable: bool,
  /** Whether the log that the routine was given says that the error can't be recovered from. */
  unrecoverable: bool,
} as const;

/** What is remembered of one check or system reset, from its strike until the interrupted code goes on. */
export type Level = Accessor<typeof level>;

const tally = {
  /** Sequence of the check whose log this vCPU has written to the buffer under lease; 0 for none. */
  log: u32,
  depth: u32,
  count: u32,
  /** Whether a check was survived without what the guest kept in the shared SPRG. */
  lostShared: bool,
  /** What that was. */
  kept: u64,
} as const;
/** Every check and every reset of a vCPU may interrupt the one before. */
const LEVELS = MAX_CHECK_LEVELS + MAX_RESETS;
const logOwner = { agent: agentId, sequence: u32 } as const;

/**
 * What the properties remember of the checks and system resets under way: for each vCPU a stack of boundaries. Ghost state:
 * saved and part of a visited state, seen by nobody in the machine.
 */
export class Ledger {
  private readonly levels: readonly State<typeof level>[];
  private readonly tallies: State<typeof tally>;
  private readonly owners: State<typeof logOwner>;
  /** Not written to each vCPU's checks, which are nobody else's. */
  private readonly ended: State<{ readonly count: typeof u32 }>;

  constructor(
    ctx: PluginContext,
    /** The lease of the pages that the log is in: what is known of them is the holder's alone. */
    private readonly buffer: () => Pick<Lease, 'heldBy'>,
  ) {
    this.levels = Array.from({ length: LEVELS }, (_, i) =>
      ctx.state('perAgent', `fwnmi.check${i}`, level, { kind: 'ghost' }),
    );
    this.ended = ctx.state('shared', 'fwnmi.ended', { count: u32 }, { kind: 'ghost' });
    this.tallies = ctx.state('perAgent', 'fwnmi.checks', tally, { kind: 'ghost' });
    this.owners = ctx.state('shared', 'fwnmi.logOwner', logOwner, { kind: 'ghost' });
  }

  /** Checks and resets of this vCPU under way. */
  depth(agent: number): number {
    return this.tallies.at(agent).depth;
  }

  /** The innermost one under way, if any. */
  top(agent: number): Level | undefined {
    const { depth } = this.tallies.at(agent);
    return depth === 0 ? undefined : this.levels[depth - 1].at(agent);
  }

  /** All checks under way, outermost first. */
  checks(agent: number): Level[] {
    const under = this.levels.slice(0, this.depth(agent)).map((state) => state.at(agent));
    return under.filter(({ stage }) => stage !== 'reset');
  }

  /** A check strikes, or a reset is taken: remembers the boundary. */
  push(vcpu: Vcpu, stage: 'struck' | 'reset'): void {
    const agent = vcpu.index;
    const { depth, count } = this.tallies.at(agent);
    // The injectors never get there; whoever latches more by hand loses one, as the guest does.
    const to = Math.min(depth, LEVELS - 1);
    const record = this.levels[to].at(agent);
    this.levels[to].clear(agent);
    record.stage = stage;
    record.sequence = stage === 'struck' ? count + 1 : 0;
    record.ends = this.ended.at().count;
    record.nip = vcpu.reg('nip');
    record.msr = vcpu.reg('msr');
    for (let n = 0; n < 32; n++) record.gprs.set(n, vcpu.gpr(n));
    for (const [i, name] of COMPARED.entries()) record.special.set(i, vcpu.reg(name));
    this.tallies.at(agent).depth = to + 1;
    if (stage === 'struck') this.tallies.at(agent).count = count + 1;
  }

  /**
   * Whether this vCPU survived checks at the price of what the guest kept in an SPRG that is not its own alone, and has not got it
   * back: a guest that finds its state corrupted with that in its place has lost something else.
   */
  lostShared(vcpu: Vcpu, sprg: 'sprg1' | 'sprg2'): boolean {
    const { lostShared, kept } = this.tallies.at(vcpu.index);
    return lostShared && vcpu.reg(sprg) !== kept;
  }

  /**
   * A check is survived: compares the shared SPRG with what was there before any was lost, where the guest keeps something in it
   * against the profile. Where checks nest, that is what the outermost one found.
   */
  compareShared(vcpu: Vcpu, sprg: 'sprg1' | 'sprg2'): void {
    const tallied = this.tallies.at(vcpu.index);
    const kept = tallied.lostShared ? tallied.kept : this.levels[0].at(vcpu.index).special.get(COMPARED.indexOf(sprg));
    const lostShared = vcpu.reg(sprg) !== kept;
    Object.assign(tallied, { lostShared, kept: lostShared ? kept : 0n });
  }

  /** The innermost one is done with. Cleared to zero, so that what is over tells no states apart. */
  pop(agent: number): void {
    const { depth } = this.tallies.at(agent);
    this.levels[depth - 1].clear(agent);
    this.tallies.at(agent).depth = depth - 1;
    if (depth === 1) this.tallies.at(agent).count = 0;
  }

  /** All that is under way on this vCPU is done with. */
  clear(agent: number): void {
    while (this.depth(agent) > 0) this.pop(agent);
    this.tallies.clear(agent);
  }

  /** Firmware handed the innermost check over, while this routine was registered. */
  handedOver(agent: number, routine: number): void {
    const check = this.top(agent);
    if (check?.stage === 'struck') check.handedTo = Math.max(routine, 0);
  }

  /** A registration is over: what struck under it and was not handed over is the OS's own affair. */
  registrationEnded(): void {
    this.ended.at().count += 1;
  }

  /** Whether a check that struck is the OS's own affair: no registration stands behind it any more, or ever has. */
  isOwn(check: Level): boolean {
    return check.architected || this.isOld(check);
  }

  /** Whether a check struck before a registration ended. */
  isOld(check: Level): boolean {
    return check.ends !== this.ended.at().count;
  }

  /** The vCPU whose check the log in RTAS space describes, as far as it is not under lease; -1 for none. */
  get logOwner(): number {
    return this.owners.at().agent;
  }

  /** Whether the log in RTAS space describes the innermost check of this vCPU. */
  hasLog(agent: number): boolean {
    const mine = this.top(agent)?.sequence;
    const { log } = this.tallies.at(agent);
    // A log from before the lease counted stands in the shared record.
    if (log !== 0 && this.buffer().heldBy(agent)) return log === mine;
    const { agent: owner, sequence } = this.owners.at();
    return owner === agent && sequence === mine;
  }

  /** The log was written for the innermost check of this vCPU. */
  logWritten(agent: number): void {
    const sequence = this.top(agent)?.sequence ?? 0;
    if (this.buffer().heldBy(agent)) this.tallies.at(agent).log = sequence;
    else Object.assign(this.owners.at(), { agent, sequence });
  }

  /** Nobody's log is there any more: not that of the vCPU that held the interlock until now, either. */
  logReleased(holder: number): void {
    this.tallies.at(holder).log = 0;
    if (this.logOwner !== -1) this.owners.clear();
  }
}

/** Whether the boundary of a check had MSR[RI]=1, so that its SRR0/1 may be overwritten. */
export function recoverableBoundary(check: Level): boolean {
  return (check.msr & MSR.RI) !== 0n;
}

/** Whether the registered routine was entered for a check, and has not been left. */
export function inRoutine(check: Level): boolean {
  return check.stage === 'entered' || check.stage === 'released';
}
