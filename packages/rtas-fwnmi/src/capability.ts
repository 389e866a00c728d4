import type { Condition } from '@checkstop/hypervisor';

/** What ibm,nmi-register registered: real addresses of the OS's routines. */
export interface Registration {
  readonly systemReset: number;
  readonly machineCheck: number;
}

/** The right to the one log buffer: from the writing of the log to ibm,nmi-interlock. */
export interface Interlock {
  /** The vCPU that holds it, or -1. */
  readonly holder: number;
  /** Signalled when the interlock is given back. */
  readonly released: Condition;
  /**
   * Takes it for a vCPU; false when another holds it. A vCPU that holds it already has been struck again before it called
   * ibm,nmi-interlock, which PAPR declares fatal: the machine stops with `checkstop`, and the answer is false. Under another
   * `holderCheck` it may be false because the check was dropped: then it is no longer pending, and the interrupted code is to
   * go on, at the check's SRR0.
   */
  tryTake(agent: number): boolean;
  /** Gives it back, as ibm,nmi-interlock does; for whoever took it and finds that there is nothing to report. */
  release(agent: number): void;
}

/** How a report is written where that is not PAPR's way: presets of firmware that was different. */
export interface ReportForm {
  /** The bytes of the log; left out: version 6, for the pending check. */
  readonly log?: Uint8Array;
  /** Byte order of the interrupted r3; left out: big-endian. */
  readonly endian?: 'big' | 'little';
}

/** The FWNMI part of firmware, as strategies use it. */
export interface Fwnmi {
  /** RTAS space: `size` bytes of guest memory from `base`. */
  readonly rtas: { readonly base: number; readonly size: number };
  /**
   * Real address of the buffer that routines get in r3: the interrupted r3, then the error log. 16-byte aligned unless a preset's is
   * not. In RTAS space, until an OS registers by ibm,nmi-register-2: then at 0x7000.
   */
  readonly buffer: number;
  /** The SPRG that the OS shares with firmware at a machine check (LoPAR, LPAR option): SPRG2, or SPRG1 after ibm,nmi-register-2. */
  readonly sharedSprg: 'sprg1' | 'sprg2';
  /** Undefined until the OS registers. */
  readonly registration: Registration | undefined;
  /** Which registration that is: registrations and their ends are counted, modulo 4. */
  readonly generation: number;
  readonly interlock: Interlock;
  /**
   * Reserves bytes of RTAS space for a strategy's own use, 16-byte aligned; returns their real address. During set-up. Page 7 has
   * the same bytes at the same distance from the buffer, for when that is there.
   *
   * @throws CheckstopError RTAS_NO_ROOM
   */
  frame(bytes: number): number;
  /**
   * Writes what the routine of this vCPU is to find in the buffer: r3, big-endian, and the log of its pending check, which
   * is no longer pending afterwards. Whoever calls this holds the interlock, unless it is a mutant.
   *
   * @throws CheckstopError FWNMI_NO_CHECK when no check is pending
   */
  report(agent: number, r3: bigint, form?: ReportForm): void;
  /**
   * Makes the machine-check routine the vCPU's next instruction: NIP, the buffer in r3, and an MSR of 64-bit mode, ME=1, LE as
   * interrupts are taken, all else 0. The routine is the registered one; another address makes a mutant.
   */
  enterRoutine(agent: number, routine?: number): void;
}

declare module '@checkstop/kernel' {
  interface Capabilities {
    fwnmi: Fwnmi;
  }
}
