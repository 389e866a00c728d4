/** What the texts of a guest's image depend on, beside its own conventions. */
export interface GuestBuild {
  /** Byte order of the guest; firmware enters it and answers big-endian whatever it is. */
  readonly endian: 'big' | 'little';
  /** Mutant when false: the machine-check handler resumes although SRR1[RI] was 0. */
  readonly testRi: boolean;
  /** The handler takes the guest's RTAS lock around ibm,nmi-interlock, and the work holds that lock during an RTAS call. */
  readonly rtasLock: boolean;
  /** The work begins with the first vCPU registering another copy of the machine-check routine, as a kernel that replaces one. */
  readonly reregister: boolean;
  /** What the registered routine for system resets does: returns, or ends in a panic. `lossy` is a mutant: it returns without CR. */
  readonly systemReset: 'survive' | 'panic' | 'lossy';
  /** The work forges a report: executes the special word of the illegal-instruction exit itself, or branches to it at 0x200. */
  readonly forge: 'none' | 'word' | 'branch';
}
