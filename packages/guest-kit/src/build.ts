import type { PlaceBuild } from './places/index.ts';

/** What the texts of a guest's image depend on, beside its own conventions. */
export interface GuestBuild extends PlaceBuild {
  /** Byte order of the guest; firmware enters it and answers big-endian whatever it is. */
  readonly endian: 'big' | 'little';
  /** Mutant when false: the machine-check handler resumes although SRR1[RI] was 0. */
  readonly testRi: boolean;
  /** The handler takes the guest's RTAS lock around ibm,nmi-interlock, and the work holds that lock during an RTAS call. */
  readonly rtasLock: boolean;
  /** The work begins with the first vCPU registering another copy of the machine-check routine, as a kernel that replaces one. */
  readonly reregister: boolean;
  /** It registers by ibm,nmi-register-2, which is not in every firmware. */
  readonly register2: boolean;
  /** What the registered routine for system resets does: returns, or ends in a panic. `lossy` is a mutant: it returns without CR. */
  readonly systemReset: 'survive' | 'panic' | 'lossy';
  /** Every vCPU registers a Virtual Processor Area, a dispatch trace log and an SLB shadow as it boots. */
  readonly areas: boolean;
  /**
   * Another kernel takes over at the end of the first vCPU's work. `orderly`: the others have ended theirs and stopped, and the areas
   * are given back; `crash`: at once, without a word to anybody (kdump). `panic`: so it does on whatever vCPU panics.
   */
  readonly kexec: 'none' | 'orderly' | 'crash' | 'panic';
  /** Whether a crash tells the others to stop, by a system reset, and whether it waits until they have. */
  readonly parking: 'none' | 'signal' | 'wait';
  /** Who overwrites the old kernel's vectors: the old kernel `before` it leaves, or the new one `after` it came (Linux), or nobody. */
  readonly kexecVectors: 'before' | 'after' | 'never';
  /** Which half of the code that leads to the next kernel is written first: the no-op (Linux), or the branch. */
  readonly stubs: 'nop-first' | 'branch-first';
  /** Where that code is written: over the vectors of checks and resets and the old routine, or over all of 0x100 to 0x3000 (Linux). */
  readonly stubsOver: 'vectors' | 'all';
  /** The next kernel puts something of its own over the old routine, once it has seen to the vectors. */
  readonly reuse: boolean;
  /** The old kernel deregisters FWNMI before it leaves; where firmware has no such call, in vain. */
  readonly deregister: boolean;
  /** The new kernel registers its own routines. */
  readonly reregisters: boolean;
  /** The handler stops its vCPU by stop-self, where it would give the interlock back. */
  readonly handlerStops: boolean;
  /**
   * The work forges a report: executes the special word of the illegal-instruction exit itself, or branches to it at 0x200. Or it
   * forges the end of one: it calls ibm,nmi-interlock.
   */
  readonly forge: 'none' | 'word' | 'branch' | 'interlock';
}
