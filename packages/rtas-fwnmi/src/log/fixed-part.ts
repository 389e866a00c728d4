/**
 * The eight bytes every RTAS error log starts with: a summary word and the length of what follows
 * (LoPAR, "RTAS Error Return Format", fixed part; IBM bit numbers in brackets).
 */
export const FIXED_PART_BYTES = 8;

/** The fields of the summary word. */
export interface FixedPart {
  /** [0-7] 6 for all that PAPR describes today. */
  readonly version: number;
  /** [8-10] one of `Severity`. */
  readonly severity: number;
  /** [11-12] one of `Disposition`. */
  readonly disposition: number;
  /** [16-19] one of `Unit`. */
  readonly initiator: number;
  /** [20-23] one of `Unit`. */
  readonly target: number;
  /** [24-31] one of `ErrorType`. */
  readonly type: number;
}

/** @param extendedBytes length of the extended part, undefined when there is none ([13] clear). */
export function writeFixedPart(view: DataView, part: FixedPart, extendedBytes: number | undefined): void {
  const present = extendedBytes === undefined ? 0 : 1;
  const summary =
    (part.version << 24) |
    (part.severity << 21) |
    (part.disposition << 19) |
    (present << 18) |
    (part.initiator << 12) |
    (part.target << 8) |
    part.type;
  view.setUint32(0, summary);
  view.setUint32(4, extendedBytes ?? 0);
}

/** @returns the fields, and the length of the extended part, undefined when the log says that there is none. */
export function readFixedPart(view: DataView): { part: FixedPart; extendedBytes: number | undefined } {
  const summary = view.getUint32(0);
  const part = {
    version: summary >>> 24,
    severity: (summary >>> 21) & 7,
    disposition: (summary >>> 19) & 3,
    initiator: (summary >>> 12) & 15,
    target: (summary >>> 8) & 15,
    type: summary & 255,
  };
  return { part, extendedBytes: (summary >>> 18) & 1 ? view.getUint32(4) : undefined };
}
