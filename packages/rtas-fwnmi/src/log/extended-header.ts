/**
 * The sixteen bytes an extended log starts with (LoPAR, "RTAS General Extended Error Log Format, Version 6").
 * Sections follow at offset 16.
 */
export const EXTENDED_HEADER_BYTES = 16;

/** The log format of a platform event log, the only one with sections. */
const PLATFORM_EVENT_LOG = 14;

const COMPANY_IBM = 0x49424d00;

/** Byte 0: flags, in order from bit 0. */
const FLAGS = { valid: 0x80, unrecoverable: 0x40, recoverable: 0x20, degraded: 0x10, predictive: 0x08 } as const;
/** Bit 5, which RTAS sets always, and bit 6: the log's fields are big-endian, as they all are. */
const NEW_AND_BIG_ENDIAN = 0x06;
/** Byte 2, bit 0: PowerPC format. */
const POWERPC_FORMAT = 0x80;

/** Name of a flag in the header's first byte. */
export type HeaderFlag = keyof typeof FLAGS;

/** What a reader learns from the header. */
export interface ExtendedHeader {
  /** Set flags, in bit order. `unrecoverable` is one of the two reasons that justify a guest's panic. */
  readonly flags: readonly HeaderFlag[];
}

/** @param view at least `EXTENDED_HEADER_BYTES` zeroed bytes. */
export function writeExtendedHeader(view: DataView, header: ExtendedHeader): void {
  view.setUint8(
    0,
    header.flags.reduce((bits, flag) => bits | FLAGS[flag], NEW_AND_BIG_ENDIAN),
  );
  view.setUint8(2, POWERPC_FORMAT | PLATFORM_EVENT_LOG);
  view.setUint32(12, COMPANY_IBM);
}

/** @returns the header, and whether sections follow it: Linux too looks for format 14 and company "IBM" first. */
export function readExtendedHeader(view: DataView): { header: ExtendedHeader; hasSections: boolean } {
  const bits = view.getUint8(0);
  const flags = (Object.keys(FLAGS) as HeaderFlag[]).filter((flag) => bits & FLAGS[flag]);
  const hasSections = (view.getUint8(2) & 15) === PLATFORM_EVENT_LOG && view.getUint32(12) === COMPANY_IBM;
  return { header: { flags }, hasSections };
}
