/**
 * The numbers of the fixed part of an RTAS error log (LoPAR, "RTAS Error Return Format", fixed part).
 * Fields keep their numbers everywhere, so that a log with a reserved value still reads and writes back.
 */
export const Severity = {
  NO_ERROR: 0,
  EVENT: 1,
  WARNING: 2,
  ERROR_SYNC: 3,
  ERROR: 4,
  FATAL: 5,
  ALREADY_REPORTED: 6,
} as const;

/** How far firmware got with the repair; 0 together with FATAL is illegal. */
export const Disposition = { FULLY_RECOVERED: 0, LIMITED_RECOVERY: 1, NOT_RECOVERED: 2 } as const;

/** Who started, or was the target of, the failing operation (3 and 5 are retired). */
export const Unit = { UNKNOWN: 0, CPU: 1, PCI: 2, MEMORY: 4, HOTPLUG: 6 } as const;

/** The type byte of the fixed part. */
export const ErrorType = {
  OTHER: 0,
  RETRY: 1,
  TCE: 2,
  INTERN_DEV_FAIL: 3,
  TIMEOUT: 4,
  DATA_PARITY: 5,
  ADDR_PARITY: 6,
  CACHE_PARITY: 7,
  ADDR_INVALID: 8,
  ECC_UNCORRECTED: 9,
  ECC_CORRECTED: 10,
  EPOW: 64,
  PRRN: 160,
  PLATFORM_ERROR: 224,
  IO_EVENT: 225,
  PLATFORM_INFO: 226,
  DEALLOCATION: 227,
  DUMP: 228,
  HOTPLUG: 229,
} as const;

/** The name of `value` in one of the tables above, or `reserved (N)`. */
export function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(table).find((name) => table[name] === value) ?? `reserved (${value})`;
}
