import { PAGE } from '@checkstop/kernel';
import * as v from 'valibot';
import { paprOptions } from './papr-options.ts';

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

/** Options of `fwnmi`. What is PAPR's, QEMU's or the lab's habit stands with each; the defaults are QEMU's but for `holderCheck`, `poisonLog` and `layout`. */
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
    byNonHolder: v.optional(
      v.pipe(
        v.picklist(['accept', 'refuse', 'release']),
        v.description(
          'What ibm,nmi-interlock does for a vCPU that does not hold it: nothing, with success (QEMU, PowerVM), or a hardware error; or it gives back what another holds (the series of 2014 and 2015). LoPAR R1-7.3.14-19 has it called by the vCPU that took the check.',
        ),
      ),
      'accept',
    ),
    holderCheck: v.optional(
      v.pipe(
        v.picklist(['checkstop', 'drop-recovered', 'nothing']),
        v.description(
          'What becomes of a check on the vCPU that holds the interlock: a checkstop (LoPAR, FWNMI: declared fatal), the same unless it is recovered, when it is dropped (QEMU), or nothing: whoever delivers it waits (the series of 2014 and 2015).',
        ),
      ),
      'checkstop',
    ),
    deregister: v.optional(
      v.pipe(
        v.boolean(),
        v.description(
          'Whether there is a call that ends the registration (NMI_DEREGISTER), which David Gibson considers in the seed mail: neither LoPAR nor QEMU has one.',
        ),
      ),
      false,
    ),
    stopSelf: v.optional(
      v.pipe(
        v.picklist(['keeps', 'releases']),
        v.description(
          'What stop-self does with the interlock of the vCPU that makes it: keeps it, for ever (QEMU), or gives it back.',
        ),
      ),
      'keeps',
    ),
    registering: v.optional(
      v.pipe(
        v.picklist(['keeps', 'releases']),
        v.description(
          'What ibm,nmi-register does with an interlock that is held: leaves it to its holder (QEMU), or frees it and wakes whoever waits, since nobody gives back what a kernel that is gone has taken.',
        ),
      ),
      'keeps',
    ),
    oldChecks: v.optional(
      v.pipe(
        v.picklist(['deliverable', 'stale']),
        v.description(
          'How a check is judged that struck under one kernel and is taken to the routine of the next: as any other, for LoPAR does not tell kernels apart, or as stale, for the next kernel never started that vCPU.',
        ),
      ),
      'deliverable',
    ),
    wake: v.optional(
      v.pipe(
        v.picklist(['signal', 'broadcast']),
        v.description('Whom the release of the interlock wakes: one waiter (QEMU), or all.'),
      ),
      'signal',
    ),
    handOff: v.optional(
      v.pipe(
        v.picklist(['barging', 'fifo']),
        v.description(
          'Who gets the interlock when it is given back: whoever asks first (QEMU), or whoever has waited longest.',
        ),
      ),
      'barging',
    ),
    poisonLog: v.optional(
      v.pipe(
        v.boolean(),
        v.description(
          'Whether the buffer and all frames are overwritten when the interlock is given back, so that late readers are seen. QEMU does not.',
        ),
      ),
      true,
    ),
    entrySf: v.optional(
      v.pipe(
        v.picklist(['set', 'kept']),
        v.description(
          "MSR[SF] on entry to a routine: set, as a 64-bit OS needs it, or as it was when the check struck, QEMU's habit.",
        ),
      ),
      'set',
    ),
    entryLe: v.optional(
      v.pipe(
        v.picklist(['ile', 'kept']),
        v.description(
          'MSR[LE] on entry to a routine: the byte order in which the OS takes interrupts, or as it was when the check struck, a mistake where a task runs in the other one.',
        ),
      ),
      'ile',
    ),
    disposition: v.optional(
      v.pipe(
        v.picklist(['as-found', 'recovered']),
        v.description(
          'What a log says of a check that was not recovered: so, or that it was (QEMU before 211a7784b9, which tested a number of two bits as if it were a flag), so that nobody repairs what caused it.',
        ),
      ),
      'as-found',
    ),
    resetRoutine: v.optional(
      v.pipe(
        v.picklist(['registered', 'ignored']),
        v.description(
          "Whether ibm,nmi-register's first address is used: where system resets go (LoPAR), or nothing (PowerKVM), so that they enter 0x100.",
        ),
      ),
      'registered',
    ),
    resetR3: v.optional(
      v.pipe(
        v.picklist(['saved', 'kept']),
        v.description(
          'What a system reset does to r3: saves it in an area and hands that over (PowerVM, KVM, QEMU), or nothing (LoPAR).',
        ),
      ),
      'saved',
    ),
    sprg2: v.optional(
      v.pipe(
        v.picklist(['private', 'shared']),
        v.description(
          "Whose SPRG2 is: the OS's (David Gibson in the seed mail), or shared scratch at any hypercall, machine check or reset (LoPAR, general LPAR requirements, item 3).",
        ),
      ),
      'private',
    ),
    ...paprOptions,
  }),
  {},
);

/** Validated options. */
export type FwnmiOptions = v.InferOutput<typeof options>;
