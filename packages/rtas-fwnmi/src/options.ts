import { PAGE } from '@checkstop/kernel';
import * as v from 'valibot';

/** Where the interrupt vectors end (Power ISA 3.0B, Book III, 7.5); an operating system puts its own code there. */
const VECTORS_END = 0x3000;

/** RTAS takes 32-bit real addresses (LoPAR, RTAS environment). */
const RTAS_ADDRESSES_END = 0x1_0000_0000;

const hex = (value: unknown) => `0x${Number(value).toString(16)}`;

const base = v.pipe(
  v.number(),
  v.check(
    (at) => Number.isInteger(at) && at % PAGE === 0,
    ({ input }) => `${hex(input)} begins no page; RTAS space begins at a multiple of ${hex(PAGE)}`,
  ),
  v.minValue(
    VECTORS_END,
    ({ input }) =>
      `${hex(input)} lies over the interrupt vectors, which end at ${hex(VECTORS_END)}; put RTAS space behind them`,
  ),
  v.maxValue(
    RTAS_ADDRESSES_END - PAGE,
    ({ input }) => `${hex(input)} is not below 4 GiB, where RTAS finds its arguments; put RTAS space lower`,
  ),
);

/** Options of `fwnmi`. What is PAPR's, QEMU's or the lab's habit stands with each; the defaults are QEMU's but for `holderCheck` and `poisonLog`. */
export const options = v.optional(
  v.strictObject({
    /** Real address of RTAS space: a multiple of 256, behind the interrupt vectors (0x3000), below 4 GiB. */
    base: v.optional(base, 0xf000),
    /** Bytes of RTAS space: its code, a buffer for the longest log, and frames of strategies. */
    size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(4096), v.multipleOf(PAGE)), 4096),
    /**
     * Offset in RTAS space of the buffer that routines get. By default it has pages for itself, so that they can belong to
     * whoever holds the interlock; QEMU's is 0x30 (include/hw/ppc/spapr.h, RTAS_ERROR_LOG_OFFSET).
     */
    buffer: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.multipleOf(8)), PAGE),
    /** Addresses from here on are refused by ibm,nmi-register: 32 MiB (LoPAR R1-7.3.14-6); PowerKVM let 64 MiB through. */
    registerBelow: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64 << 20)), 32 << 20),
    /**
     * What ibm,nmi-interlock does for a vCPU that does not hold it: nothing, with success (QEMU, PowerVM) or a hardware error; or
     * it gives back what another holds (the series of 2014 and 2015).
     */
    byNonHolder: v.optional(v.picklist(['accept', 'refuse', 'release']), 'accept'),
    /**
     * What becomes of a check on the vCPU that holds the interlock: a checkstop (LoPAR R1-7.3.14-19), the same unless it is
     * recovered, when it is dropped (QEMU), or nothing: whoever delivers it waits (the series of 2014 and 2015).
     */
    holderCheck: v.optional(v.picklist(['checkstop', 'drop-recovered', 'nothing']), 'checkstop'),
    /** Whether there is a call that ends the registration (`NMI_DEREGISTER`): neither LoPAR nor QEMU has one. */
    deregister: v.optional(v.boolean(), false),
    /** What stop-self does with the interlock of the vCPU that makes it: keeps it, for ever (QEMU), or gives it back. */
    stopSelf: v.optional(v.picklist(['keeps', 'releases']), 'keeps'),
    /** Whom its release wakes. */
    wake: v.optional(v.picklist(['signal', 'broadcast']), 'signal'),
    /** Who gets the interlock when it is given back: whoever asks first, or whoever has waited longest. */
    handOff: v.optional(v.picklist(['barging', 'fifo']), 'barging'),
    /** Overwrites the buffer and all frames when the interlock is given back, so that late readers are seen. QEMU does not. */
    poisonLog: v.optional(v.boolean(), true),
    /** MSR[SF] on entry to a routine: set, as a 64-bit OS needs it, or as it was when the check struck, QEMU's habit. */
    entrySf: v.optional(v.picklist(['set', 'kept']), 'set'),
    /** Whether ibm,nmi-register's first address is used: where system resets go (LoPAR), or nothing (PowerKVM), so that they enter 0x100. */
    resetRoutine: v.optional(v.picklist(['registered', 'ignored']), 'registered'),
    /** What a system reset does to r3: saves it in an area and hands that over (PowerVM, KVM, QEMU), or nothing (LoPAR). */
    resetR3: v.optional(v.picklist(['saved', 'kept']), 'saved'),
    /** Whose SPRG2 is: the OS's, or shared scratch at any machine check (LoPAR, general LPAR requirements). */
    sprg2: v.optional(v.picklist(['private', 'shared']), 'private'),
  }),
  {},
);

/** Validated options. */
export type FwnmiOptions = v.InferOutput<typeof options>;
