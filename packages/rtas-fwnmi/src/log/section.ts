import { CheckstopError } from '@checkstop/kernel';
import {
  type MachineCheckError,
  MC_BYTES,
  MC_MIN_BYTES,
  readMachineCheckError,
  writeMachineCheckError,
} from './machine-check-section.ts';

/** Every section starts with: u16 id (two letters), u16 length (this header included), version, subtype, u16 creator. */
const HEADER_BYTES = 8;

interface SectionHeader {
  readonly version: number;
  readonly subtype: number;
  /** Creator's component id. */
  readonly creator: number;
}

/** "Main-A" of LoPAR: when, by whom, how many sections. */
export interface MainA extends SectionHeader {
  readonly id: 'PH';
  /** BCD, YYYYMMDD. */
  readonly date: number;
  /** BCD, HHMMSS00. */
  readonly time: number;
  /** 'E' service processor, 'H' hypervisor, 'W' power, 'L' partition firmware. */
  readonly creatorId: string;
  readonly sectionCount: number;
  /** Platform log id. */
  readonly platformLogId: number;
}

/** "Main-B" of LoPAR: which subsystem, how severe, what to do. */
export interface MainB extends SectionHeader {
  readonly id: 'UH';
  readonly subsystem: number;
  readonly severity: number;
  readonly eventSubtype: number;
  readonly actionFlags: number;
}

/** "Machine Check" of LoPAR: which unit failed, how, and at which address. */
export interface MachineCheckSection extends SectionHeader {
  readonly id: 'MC';
  readonly fru: number;
  /** Physical processor id. */
  readonly processor: number;
  readonly error: MachineCheckError;
}

/** Any other section: its body uninterpreted. */
export interface OtherSection extends SectionHeader {
  readonly id: 'other';
  /** The id as its 16-bit number. */
  readonly code: number;
  readonly body: Uint8Array;
}

/** Any section of a platform event log; `id` tells them apart. */
export type Section = MainA | MainB | MachineCheckSection | OtherSection;

const CODES = { PH: 0x5048, UH: 0x5548, MC: 0x4d43 } as const;
const PH_BYTES = 48;
const UH_BYTES = 24;

/** Length in bytes that `writeSection` needs. */
export function sectionBytes(section: Section): number {
  switch (section.id) {
    case 'PH':
      return PH_BYTES;
    case 'UH':
      return UH_BYTES;
    case 'MC':
      return MC_BYTES;
    case 'other':
      return HEADER_BYTES + section.body.length;
  }
}

/** @param view exactly `sectionBytes(section)` zeroed bytes. */
export function writeSection(view: DataView, section: Section): void {
  view.setUint16(0, section.id === 'other' ? section.code : CODES[section.id]);
  view.setUint16(2, view.byteLength);
  view.setUint8(4, section.version);
  view.setUint8(5, section.subtype);
  view.setUint16(6, section.creator);
  switch (section.id) {
    case 'PH':
      view.setUint32(0x08, section.date);
      view.setUint32(0x0c, section.time);
      view.setUint8(0x18, section.creatorId.charCodeAt(0));
      view.setUint8(0x1b, section.sectionCount);
      view.setUint32(0x28, section.platformLogId);
      return;
    case 'UH':
      view.setUint8(0x08, section.subsystem);
      view.setUint8(0x0a, section.severity);
      view.setUint8(0x0b, section.eventSubtype);
      view.setUint16(0x12, section.actionFlags);
      return;
    case 'MC':
      view.setUint32(0x08, section.fru);
      view.setUint32(0x0c, section.processor);
      writeMachineCheckError(view, section.error);
      return;
    case 'other':
      for (const [i, byte] of section.body.entries()) view.setUint8(HEADER_BYTES + i, byte);
  }
}

/**
 * Walks the sections of an extended log by their lengths.
 * @param view what follows the extended header; every length in it is the log's writer's, so each is checked: a zero
 * length would otherwise be walked for ever, as Linux's walk would.
 * @throws LOG_SECTION_LENGTH with the offset, when a section's length cannot be.
 */
export function readSections(view: DataView): Section[] {
  const sections: Section[] = [];
  for (let offset = 0; offset < view.byteLength; ) {
    const left = view.byteLength - offset;
    const length = left < HEADER_BYTES ? 0 : view.getUint16(offset + 2);
    if (length < HEADER_BYTES || length > left) throw badLength(offset, length, left, HEADER_BYTES);
    sections.push(readSection(new DataView(view.buffer, view.byteOffset + offset, length), offset));
    offset += length;
  }
  return sections;
}

function readSection(view: DataView, offset: number): Section {
  const code = view.getUint16(0);
  const header = { version: view.getUint8(4), subtype: view.getUint8(5), creator: view.getUint16(6) };
  const atLeast = (bytes: number) => {
    if (view.byteLength < bytes) throw badLength(offset, view.byteLength, view.byteLength, bytes);
  };
  switch (code) {
    case CODES.PH:
      atLeast(PH_BYTES);
      return {
        id: 'PH',
        ...header,
        date: view.getUint32(0x08),
        time: view.getUint32(0x0c),
        creatorId: String.fromCharCode(view.getUint8(0x18)),
        sectionCount: view.getUint8(0x1b),
        platformLogId: view.getUint32(0x28),
      };
    case CODES.UH:
      atLeast(UH_BYTES);
      return {
        id: 'UH',
        ...header,
        subsystem: view.getUint8(0x08),
        severity: view.getUint8(0x0a),
        eventSubtype: view.getUint8(0x0b),
        actionFlags: view.getUint16(0x12),
      };
    case CODES.MC:
      atLeast(MC_MIN_BYTES);
      return {
        id: 'MC',
        ...header,
        fru: view.getUint32(0x08),
        processor: view.getUint32(0x0c),
        error: readMachineCheckError(view),
      };
    default: {
      const body = new Uint8Array(view.buffer, view.byteOffset + HEADER_BYTES, view.byteLength - HEADER_BYTES).slice();
      return { id: 'other', ...header, code, body };
    }
  }
}

function badLength(offset: number, length: number, left: number, least: number): CheckstopError {
  return new CheckstopError(
    'LOG_SECTION_LENGTH',
    `the section at byte ${offset} after the extended header says it is ${length} bytes long, with ${left} bytes left; ` +
      `it must be at least ${least} and fit`,
    { offset, length, left, least },
  );
}
