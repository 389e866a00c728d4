/**
 * The MC section's body (LoPAR, "Platform Event Log Format, Version 6, Machine Check Section").
 * Two traps: the bit that says "effective address valid" is 0x40 for UE and 0x80 for all others, and SLB causes start
 * at 0 where ERAT and TLB start at 1.
 */

/** What failed, and the addresses firmware could name. */
export type MachineCheckError =
  | {
      readonly type: 'ue';
      /** A transient one cannot be cleared with dcbz: the page is lost. */
      readonly transient: boolean;
      readonly access: UeAccess;
      readonly effectiveAddress?: bigint;
      /** Real address of the page. */
      readonly logicalAddress?: bigint;
    }
  | { readonly type: 'slb' | 'erat' | 'tlb'; readonly cause: Cause; readonly effectiveAddress?: bigint }
  | { readonly type: 'd-cache' | 'i-cache' }
  /** A type, access or cause that PAPR does not define, kept as it was read; its addresses are not. */
  | { readonly type: 'other'; readonly typeCode: number; readonly subType: number };

/** What is wrong with an SLB, ERAT or TLB. */
export type Cause = 'parity' | 'multihit' | 'indeterminate';

/** What an uncorrectable memory error struck, by its number in the sub type's last three bits. */
export const UE_ACCESSES = [
  'indeterminate',
  'instruction-fetch',
  'instruction-table-walk',
  'load-store',
  'load-store-table-walk',
] as const;
/** One of `UE_ACCESSES`. */
export type UeAccess = (typeof UE_ACCESSES)[number];

/** Bytes of the section with its header; LoPAR's table says 32, its overview 40, and the fields need 40. */
export const MC_BYTES = 40;
/** The shortest that still holds the effective address. */
export const MC_MIN_BYTES = 32;

const UE = { code: 0, transient: 0x80, effectiveValid: 0x40, logicalValid: 0x20 };
const EFFECTIVE_VALID = 0x80;
const CACHE_CODES = { 'd-cache': 5, 'i-cache': 7 } as const;
const LOOKASIDE = {
  slb: { code: 1, causes: ['parity', 'multihit', 'indeterminate'] },
  erat: { code: 2, causes: [undefined, 'parity', 'multihit', 'indeterminate'] },
  tlb: { code: 4, causes: [undefined, 'parity', 'multihit', 'indeterminate'] },
} as const;

const OFFSET = { type: 0x10, subType: 0x11, effective: 0x18, logical: 0x20 };

/** Writes type, sub type and addresses into a section that starts at offset 0 of `view`. */
export function writeMachineCheckError(view: DataView, error: MachineCheckError): void {
  const [code, subType] = codesOf(error);
  view.setUint8(OFFSET.type, code);
  view.setUint8(OFFSET.subType, subType);
  if ('effectiveAddress' in error) view.setBigUint64(OFFSET.effective, error.effectiveAddress ?? 0n);
  if ('logicalAddress' in error) view.setBigUint64(OFFSET.logical, error.logicalAddress ?? 0n);
}

function codesOf(error: MachineCheckError): [code: number, subType: number] {
  const flag = (value: unknown, bit: number) => (value === undefined || value === false ? 0 : bit);
  switch (error.type) {
    case 'ue': {
      const valid = flag(error.effectiveAddress, UE.effectiveValid) | flag(error.logicalAddress, UE.logicalValid);
      return [UE.code, flag(error.transient, UE.transient) | valid | UE_ACCESSES.indexOf(error.access)];
    }
    case 'slb':
    case 'erat':
    case 'tlb': {
      const causes: readonly (Cause | undefined)[] = LOOKASIDE[error.type].causes;
      const valid = flag(error.effectiveAddress, EFFECTIVE_VALID);
      return [LOOKASIDE[error.type].code, valid | causes.indexOf(error.cause)];
    }
    case 'd-cache':
    case 'i-cache':
      return [CACHE_CODES[error.type], 0];
    case 'other':
      return [error.typeCode, error.subType];
  }
}

/** @param view a section of at least `MC_MIN_BYTES`; the logical address is read only where there is room for it. */
export function readMachineCheckError(view: DataView): MachineCheckError {
  const code = view.getUint8(OFFSET.type);
  const subType = view.getUint8(OFFSET.subType);
  const other = { type: 'other', typeCode: code, subType } as const;
  if (code === UE.code) {
    const access = UE_ACCESSES[subType & 7];
    if (access === undefined) return other;
    return {
      type: 'ue',
      transient: (subType & UE.transient) !== 0,
      access,
      ...(subType & UE.effectiveValid ? { effectiveAddress: view.getBigUint64(OFFSET.effective) } : {}),
      ...(subType & UE.logicalValid && view.byteLength >= MC_BYTES
        ? { logicalAddress: view.getBigUint64(OFFSET.logical) }
        : {}),
    };
  }
  for (const type of ['slb', 'erat', 'tlb'] as const) {
    if (LOOKASIDE[type].code !== code) continue;
    const cause: Cause | undefined = LOOKASIDE[type].causes[subType & 3];
    if (cause === undefined) return other;
    const address = subType & EFFECTIVE_VALID ? { effectiveAddress: view.getBigUint64(OFFSET.effective) } : {};
    return { type, cause, ...address };
  }
  if (code === CACHE_CODES['d-cache']) return { type: 'd-cache' };
  if (code === CACHE_CODES['i-cache']) return { type: 'i-cache' };
  return other;
}
