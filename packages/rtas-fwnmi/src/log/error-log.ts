import { CheckstopError } from '@checkstop/kernel';
import { Disposition, ErrorType, Severity, Unit } from './codes.ts';
import {
  EXTENDED_HEADER_BYTES,
  type ExtendedHeader,
  readExtendedHeader,
  writeExtendedHeader,
} from './extended-header.ts';
import { FIXED_PART_BYTES, type FixedPart, readFixedPart, writeFixedPart } from './fixed-part.ts';
import type { MachineCheckError } from './machine-check-section.ts';
import { readSections, type Section, sectionBytes, writeSection } from './section.ts';

/** An RTAS error log, version 6. Byte order is big-endian whatever the guest's. */
export interface ErrorLog extends FixedPart {
  readonly extended?: ExtendedLog;
}

/** The part behind the fixed one: header flags and sections. */
export interface ExtendedLog extends ExtendedHeader {
  /** Empty as well when the log is of another format than a platform event log's. */
  readonly sections: readonly Section[];
}

/** Bytes an OS must be ready to take: `rtas-error-log-max` of QEMU, and what LoPAR asks of an event-scan buffer. */
export const ERROR_LOG_MAX = 2048;

/** Bytes that the log takes as it is written. */
export function logBytes({ extended }: ErrorLog): number {
  if (!extended) return FIXED_PART_BYTES;
  const sections = extended.sections.reduce((sum, section) => sum + sectionBytes(section), 0);
  return FIXED_PART_BYTES + EXTENDED_HEADER_BYTES + sections;
}

/**
 * The log as bytes.
 * @throws LOG_TOO_LONG above `ERROR_LOG_MAX`. Optional sections are dropped whole, never cut (LoPAR): that is the caller's.
 */
export function writeErrorLog(log: ErrorLog): Uint8Array {
  const { extended } = log;
  const total = logBytes(log);
  const extendedBytes = extended && total - FIXED_PART_BYTES;
  if (total > ERROR_LOG_MAX) {
    throw new CheckstopError(
      'LOG_TOO_LONG',
      `the error log takes ${total} bytes and an OS takes ${ERROR_LOG_MAX}: leave out optional sections`,
      { total },
    );
  }
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  writeFixedPart(view, log, extendedBytes);
  if (extended) {
    writeExtendedHeader(new DataView(bytes.buffer, FIXED_PART_BYTES), extended);
    let offset = FIXED_PART_BYTES + EXTENDED_HEADER_BYTES;
    for (const section of extended.sections) {
      const length = sectionBytes(section);
      writeSection(new DataView(bytes.buffer, offset, length), section);
      offset += length;
    }
  }
  return bytes;
}

/**
 * Reads a log from bytes of any origin; bytes after its end are ignored.
 * @throws LOG_TRUNCATED when the bytes end before the log does, or the extended part before its header; LOG_SECTION_LENGTH as `readSections`.
 */
export function readErrorLog(bytes: Uint8Array): ErrorLog {
  const view = (offset: number, length: number, what: string) => {
    if (offset + length > bytes.length) {
      throw new CheckstopError(
        'LOG_TRUNCATED',
        `${what} needs ${offset + length} bytes and there are ${bytes.length}: pass the whole log, from its version byte on`,
        { needed: offset + length, given: bytes.length },
      );
    }
    return new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  };
  const { part, extendedBytes } = readFixedPart(view(0, FIXED_PART_BYTES, 'the fixed part'));
  if (extendedBytes === undefined) return part;
  if (extendedBytes < EXTENDED_HEADER_BYTES) {
    throw new CheckstopError(
      'LOG_TRUNCATED',
      `the log says that its extended part takes ${extendedBytes} bytes, and the header of that alone takes ${EXTENDED_HEADER_BYTES}`,
      { needed: EXTENDED_HEADER_BYTES, given: extendedBytes },
    );
  }
  const extended = view(FIXED_PART_BYTES, extendedBytes, 'the extended part');
  const { header, hasSections } = readExtendedHeader(extended);
  const body = new DataView(
    extended.buffer,
    extended.byteOffset + EXTENDED_HEADER_BYTES,
    extendedBytes - EXTENDED_HEADER_BYTES,
  );
  return { ...part, extended: { ...header, sections: hasSections ? readSections(body) : [] } };
}

/**
 * The log QEMU's pseries machine writes for a machine check: initiator CPU, target and type left at 0, and an MC section
 * alone. (LoPAR wants Main-A and Main-B before it; Linux accepts it without.)
 */
export function machineCheckLog(what: {
  readonly severity: number;
  readonly recovered: boolean;
  readonly error: MachineCheckError;
}): ErrorLog {
  const section: Section = { id: 'MC', version: 1, subtype: 0, creator: 0, fru: 0, processor: 0, error: what.error };
  return {
    version: 6,
    severity: what.severity,
    disposition: what.recovered ? Disposition.FULLY_RECOVERED : Disposition.NOT_RECOVERED,
    initiator: Unit.CPU,
    target: Unit.UNKNOWN,
    type: ErrorType.OTHER,
    extended: { flags: ['valid'], sections: [section] },
  };
}

/** The MC section, where the log has one. */
export function machineCheckOf(log: ErrorLog): MachineCheckError | undefined {
  const section = log.extended?.sections.find((candidate) => candidate.id === 'MC');
  return section?.error;
}

/** PAPR's two ways to say that the OS cannot go on; disposition NOT_RECOVERED alone is not one of them. */
export function isUnrecoverable(log: ErrorLog): boolean {
  return log.severity === Severity.FATAL || (log.extended?.flags.includes('unrecoverable') ?? false);
}
