import * as v from 'valibot';

/**
 * Rules of LoPAR's FWNMI option that QEMU leaves out, and where QEMU puts things: entries of the options of `fwnmi`. The defaults are
 * QEMU's behaviour, but for `layout`, whose default has nothing overlap.
 */
export const paprOptions = {
  log: v.optional(
    v.pipe(
      v.picklist(['mc', 'main', 'longest']),
      v.description(
        'Which sections a log has: the machine-check section alone (QEMU); Main-A and Main-B before it, as LoPAR wants every platform event log; or, longest, these and a primary SRC up to the 2048 bytes that an OS must be ready to take.',
      ),
    ),
    'mc',
  ),
  fatal: v.optional(
    v.pipe(
      v.picklist(['never', 'unrecovered']),
      v.description(
        'Which checks are reported as fatal, so that the OS may panic: none (QEMU), or all that were not recovered.',
      ),
    ),
    'never',
  ),
  afterFatal: v.optional(
    v.pipe(
      v.picklist(['as-before', 'already-reported']),
      v.description(
        'How checks are reported once a fatal one was reported to the same OS, on whatever vCPU: as before (QEMU), or with severity ALREADY_REPORTED (LoPAR R1-7.3.14-15).',
      ),
    ),
    'as-before',
  ),
  unregistered: v.optional(
    v.pipe(
      v.picklist(['architected', 'reboot']),
      v.description(
        'What becomes of a check while no routine is registered: the architected interrupt at 0x200 (QEMU), or no report at all, and the partition is rebooted (LoPAR, LPAR option, Machine Check Interrupt).',
      ),
    ),
    'architected',
  ),
  thirdReset: v.optional(
    v.pipe(
      v.picklist(['forwarded', 'reboot']),
      v.description(
        'What becomes of the third system reset of a vCPU since the routines were registered: it is forwarded like the first two (QEMU), or starts the reboot policy (LoPAR, LPAR option, System Reset Interrupt).',
      ),
    ),
    'forwarded',
  ),
  register2: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether there is ibm,nmi-register-2 (LoPAR, FWNMI option), which QEMU has not: whoever registers by it finds reports in real page 7, and shares SPRG1 with firmware instead of SPRG2.',
      ),
    ),
    false,
  ),
  layout: v.optional(
    v.pipe(
      v.picklist(['own', 'qemu']),
      v.description(
        "Where system resets leave r3: at the end of RTAS space, where nothing else is, or 2048 bytes behind its base, where the end of the longest log would be (QEMU, hw/ppc/spapr.c). QEMU's buffer is at 0x30.",
      ),
    ),
    'own',
  ),
};
