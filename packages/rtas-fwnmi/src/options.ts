import * as v from 'valibot';

const PAGE = 256;
const address = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff), v.multipleOf(PAGE));

/** Options of `fwnmi`. What is PAPR's, QEMU's or the lab's habit stands with each; the defaults are QEMU's but for `poisonLog`. */
export const options = v.optional(
  v.strictObject({
    /** Real address of RTAS space, a multiple of 256. */
    base: v.optional(address, 0xf000),
    /** Bytes of RTAS space: its code, a buffer for the longest log, and frames of strategies. */
    size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(4096), v.multipleOf(PAGE)), 4096),
    /** What ibm,nmi-interlock answers to a vCPU that does not hold it. */
    byNonHolder: v.optional(v.picklist(['accept', 'refuse']), 'accept'),
    /** Whom it wakes. */
    wake: v.optional(v.picklist(['signal', 'broadcast']), 'signal'),
    /** Overwrites the buffer and all frames when the interlock is given back, so that late readers are seen. QEMU does not. */
    poisonLog: v.optional(v.boolean(), true),
    /** MSR[SF] on entry to a routine: set, as a 64-bit OS needs it, or as it was when the check struck, QEMU's habit. */
    entrySf: v.optional(v.picklist(['set', 'kept']), 'set'),
    /** Whose SPRG2 is: the OS's, or shared scratch at any machine check (LoPAR, general LPAR requirements). */
    sprg2: v.optional(v.picklist(['private', 'shared']), 'private'),
  }),
  {},
);

/** Validated options. */
export type FwnmiOptions = v.InferOutput<typeof options>;
