import type { MachineCheckError, UeAccess } from './machine-check-section.ts';
import type { MachineCheckSection, MainA, MainB, Section } from './section.ts';

/** Main-A: who made the log, by a letter. */
const CREATORS: Readonly<Record<string, string>> = {
  E: 'the service processor',
  H: 'the hypervisor',
  W: 'power control',
  L: 'partition firmware',
};

/** Main-B: the subsystem that failed, each from the number of the last row that is not above it. */
const SUBSYSTEMS: readonly (readonly [from: number, what: string])[] = [
  [0x00, 'unknown'],
  [0x10, 'processor and caches'],
  [0x20, 'memory'],
  [0x30, 'I/O'],
  [0x40, 'I/O devices'],
  [0x50, 'CEC hardware'],
  [0x60, 'power and cooling'],
  [0x70, 'others'],
  [0x7a, 'surveillance'],
  [0x80, 'platform firmware'],
  [0x90, 'software'],
  [0xa0, 'external environment'],
  [0xb0, 'reserved'],
];

/** Main-B: how severe the event is, by the first digit; the second says more of some. */
const EVENT_SEVERITIES: Readonly<Record<number, string>> = {
  0: 'informational',
  1: 'recovered',
  2: 'predictive',
  4: 'unrecoverable',
  5: 'critical',
  6: 'found by a diagnostic test',
  7: 'a symptom',
};

/** Other sections by their two letters. */
const OTHERS: Readonly<Record<string, string>> = {
  LR: 'logical resource identification',
  PS: 'primary SRC',
  DH: 'dump locator',
  EP: 'environmental and power warning',
  IE: 'I/O events',
  MT: 'machine type, model and serial number',
  LP: 'impacted partitions',
  HP: 'hot plug',
};

const UE_WORDS: Readonly<Record<UeAccess, string>> = {
  indeterminate: '',
  'instruction-fetch': ' at an instruction fetch',
  'instruction-table-walk': ' at the table walk of an instruction fetch',
  'load-store': ' at a load or store',
  'load-store-table-walk': ' at the table walk of a load or store',
};

/** A section in words, all of its fields; those of the header where they say anything. */
export function explainSection(section: Section): string {
  return `${contents(section)}${header(section)}`;
}

function contents(section: Section): string {
  switch (section.id) {
    case 'PH':
      return mainA(section);
    case 'UH':
      return mainB(section);
    case 'MC':
      return machineCheck(section);
    case 'other': {
      const name = sectionName(section.code);
      const words = OTHERS[name] ? ` (${OTHERS[name]})` : '';
      return `section ${name}${words}: ${section.body.length} bytes, not interpreted`;
    }
  }
}

function mainA({ creatorId, date, time, sectionCount, platformLogId }: MainA): string {
  const creator = CREATORS[creatorId] ?? `nobody known (${hex(creatorId.charCodeAt(0))})`;
  const when = date === 0 && time === 0 ? 'undated' : `on ${bcd(date, '-', 4)} at ${bcd(time, ':', 2).slice(0, 8)}`;
  return `Main-A: created by ${creator}, ${when}, ${sectionCount} sections, platform log id ${hex(platformLogId)}`;
}

function mainB({ subsystem, severity, eventSubtype, actionFlags }: MainB): string {
  const [, what] = SUBSYSTEMS.findLast(([from]) => from <= subsystem) ?? [];
  return (
    `Main-B: subsystem ${hex(subsystem)} (${what}), ` +
    `severity ${hex(severity)} (${EVENT_SEVERITIES[severity >> 4] ?? 'reserved'}), ` +
    `subtype ${hex(eventSubtype)}, action flags ${hex(actionFlags)}`
  );
}

function machineCheck({ error, processor, fru }: MachineCheckSection): string {
  const where = `${processor === 0 ? '' : `, physical processor ${hex(processor)}`}${fru === 0 ? '' : `, FRU ${hex(fru)}`}`;
  return `machine check: ${explainError(error)}${where}`;
}

/** What every section has, as far as it is not what sections have by default. */
function header({ version, subtype, creator, id }: Section): string {
  const words = [
    ...(version === 1 ? [] : [`section version ${version}`]),
    ...(subtype === 0 ? [] : [`${id === 'UH' ? 'section ' : ''}subtype ${hex(subtype)}`]),
    ...(creator === 0 ? [] : [`creator component ${hex(creator)}`]),
  ];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

/** The MC section's error in one phrase. */
export function explainError(error: MachineCheckError): string {
  switch (error.type) {
    case 'ue': {
      const { transient, access, effectiveAddress, logicalAddress } = error;
      const kind = transient ? 'transient (the page is lost)' : 'permanent (dcbz clears it)';
      return `uncorrectable memory error${UE_WORDS[access]}, ${kind}${at('effective', effectiveAddress)}${at('logical', logicalAddress)}`;
    }
    case 'slb':
    case 'erat':
    case 'tlb':
      return `${error.type.toUpperCase()} ${error.cause}${at('effective', error.effectiveAddress)}`;
    case 'd-cache':
    case 'i-cache':
      return `${error.type === 'd-cache' ? 'data' : 'instruction'} cache error`;
    case 'other':
      return `type ${error.typeCode}, sub type ${hex(error.subType)}, which PAPR does not define`;
  }
}

const hex = (value: number | bigint) => `0x${value.toString(16)}`;
const at = (kind: string, address: bigint | undefined) =>
  address === undefined ? '' : `, ${kind} address ${hex(address)}`;
/** Eight digits of BCD, in pairs but for the first `lead`. */
const bcd = (value: number, separator: string, lead: number) => {
  const digits = value.toString(16).padStart(8, '0');
  return [digits.slice(0, lead), ...(digits.slice(lead).match(/../g) ?? [])].join(separator);
};
const sectionName = (code: number) => {
  const text = String.fromCharCode(code >> 8, code & 255);
  return /^[A-Z]{2}$/.test(text) ? text : hex(code);
};
