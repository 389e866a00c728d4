/**
 * Machine checks by their syndrome: what SRR1 and DSISR say, and where the failing address is. The numbers are those that
 * QEMU's pseries machine scans for (hw/ppc/spapr_events.c, mc_derror_table and mc_ierror_table), POWER8 and later.
 */
export interface CheckSyndrome {
  /** Bits of SRR1; 0x00200000 says that the data side failed. */
  readonly srr1: number;
  /** Undefined: the error leaves DSISR alone. */
  readonly dsisr?: number;
  /** Whether DAR names the failing address. */
  readonly dar: boolean;
}

const DATA_SIDE = 0x0020_0000;
const data = (dsisr: number, dar = true): CheckSyndrome => ({ srr1: DATA_SIDE, dsisr, dar });
const fetch = (srr1: number): CheckSyndrome => ({ srr1, dar: false });

/** Every kind of check there is, with its syndrome. */
export const CHECKS = {
  'slb-multihit': data(0x0080),
  'slb-parity': data(0x0100),
  'erat-multihit': data(0x0800),
  'tlb-multihit': data(0x0400),
  'ue-load-store': data(0x8000, false),
  'ue-table-walk': data(0x4000),
  'ue-fetch': fetch(0x0004_0000),
  'slb-parity-fetch': fetch(0x0008_0000),
  'slb-multihit-fetch': fetch(0x000c_0000),
  'erat-multihit-fetch': fetch(0x0010_0000),
  'tlb-multihit-fetch': fetch(0x0014_0000),
  'ue-table-walk-fetch': fetch(0x0018_0000),
  /** A syndrome that firmware finds in none of its tables. */
  unknown: { srr1: 0, dar: false },
} as const satisfies Record<string, CheckSyndrome>;

/** Name of a kind. */
export type CheckKind = keyof typeof CHECKS;

/** Whether the data side failed: a load or a store, not the fetch of an instruction. */
export const isOfData = (kind: CheckKind): boolean => (CHECKS[kind].srr1 & DATA_SIDE) !== 0;

/** The names, in the order of `CHECKS`. */
export const CHECK_KINDS = Object.keys(CHECKS) as [CheckKind, ...CheckKind[]];
