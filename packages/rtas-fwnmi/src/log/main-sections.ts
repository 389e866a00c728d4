import { Disposition } from './codes.ts';
import { ERROR_LOG_MAX, type ErrorLog, logBytes, machineCheckOf } from './error-log.ts';
import type { MainA, MainB, OtherSection, Section } from './section.ts';

/** Subsystems of Main-B: the processor with its caches, and memory (LoPAR, Main-B section, the first of each range). */
const SUBSYSTEM = { processor: 0x10, memory: 0x20 } as const;

/** Event severity of Main-B. */
const EVENT_SEVERITY = { recovered: 0x10, unrecovered: 0x40 } as const;

/** The primary SRC, the one section of no fixed length that any log may have: 80 bytes or more. */
const PRIMARY_SRC = 0x5053;

const SECTION_HEADER_BYTES = 8;

/**
 * The same log with Main-A and Main-B before its other sections, as LoPAR wants every platform event log of version 6
 * (RTAS Error/Event Return Format). Created by the hypervisor; date, time and platform log id are zero: LoPAR lets the first two
 * be so where there is a machine-check section, and machines here have no clock and no log of logs. A log without an extended part
 * stays as it is.
 */
export function withMainSections(log: ErrorLog): ErrorLog {
  if (!log.extended) return log;
  const { sections } = log.extended;
  const header = { version: 1, subtype: 0, creator: 0 };
  const mainA: MainA = {
    ...{ id: 'PH', ...header, date: 0, time: 0, creatorId: 'H' },
    ...{ sectionCount: sections.length + 2, platformLogId: 0 },
  };
  const mainB: MainB = {
    ...{ id: 'UH', ...header, eventSubtype: 0, actionFlags: 0 },
    subsystem: machineCheckOf(log)?.type === 'ue' ? SUBSYSTEM.memory : SUBSYSTEM.processor,
    severity: EVENT_SEVERITY[log.disposition === Disposition.NOT_RECOVERED ? 'unrecovered' : 'recovered'],
  };
  return withSections(log, [mainA, mainB, ...sections]);
}

/**
 * The same log, made as long as an OS must be ready to take (`ERROR_LOG_MAX` bytes) by a primary SRC at its end. Main-A, where there
 * is one, counts it.
 */
export function longestLog(log: ErrorLog): ErrorLog {
  if (!log.extended) return log;
  const left = ERROR_LOG_MAX - logBytes(log) - SECTION_HEADER_BYTES;
  const header = { version: 1, subtype: 0, creator: 0 };
  const src: OtherSection = { id: 'other', ...header, code: PRIMARY_SRC, body: new Uint8Array(left) };
  const counted = log.extended.sections.map((section) =>
    section.id === 'PH' ? { ...section, sectionCount: section.sectionCount + 1 } : section,
  );
  return withSections(log, [...counted, src]);
}

const withSections = (log: ErrorLog, sections: readonly Section[]): ErrorLog => ({
  ...log,
  extended: { flags: log.extended?.flags ?? [], sections },
});
