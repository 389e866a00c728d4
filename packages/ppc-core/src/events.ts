import type { Processor } from './processor.ts';
import type { Exit } from './vcpu.ts';

/** Access to an address range that somebody watches, before it happens; NIP is that of the instruction. */
export interface WatchedAccess {
  readonly agent: number;
  /** Offset in RAM. */
  readonly address: number;
  /** Bytes; 4 for a fetch. */
  readonly size: number;
}

declare module '@checkstop/kernel' {
  interface Events {
    /** A vCPU entered an interrupt; `from` is SRR0. It goes on where a listener sets NIP. */
    interrupt: {
      readonly agent: number;
      readonly vector: number;
      readonly from: bigint;
      readonly srr1: bigint;
    };
    /** A vCPU returned from an interrupt by rfid or hrfid, to this address and machine state, or where a listener sets NIP. */
    interruptReturn: { readonly agent: number; readonly nip: bigint; readonly msr: bigint };
    /** A vCPU threw away what its segment lookaside buffer, and what is derived from it, held (slbia); NIP is that of the instruction. */
    slbInvalidated: { readonly agent: number };
    /** A vCPU handed over to whoever runs it. */
    exit: { readonly agent: number; readonly exit: Exit };
    /** An instruction is about to be executed in a watched range. */
    fetch: WatchedAccess;
    /** A watched range is about to be loaded from. */
    load: WatchedAccess;
    /** A watched range is about to be stored to. */
    store: WatchedAccess;
  }

  interface Capabilities {
    /** The processor: a vCPU for each agent. */
    processor: Processor;
  }
}
