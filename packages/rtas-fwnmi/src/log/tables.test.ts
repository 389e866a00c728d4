import { expect, it } from 'vitest';
import { Disposition, ErrorType, Severity, Unit } from './codes.ts';
import { readErrorLog, writeErrorLog } from './error-log.ts';
import { writeExtendedHeader } from './extended-header.ts';
import { type FixedPart, writeFixedPart } from './fixed-part.ts';
import {
  type MachineCheckError,
  MC_BYTES,
  readMachineCheckError,
  writeMachineCheckError,
} from './machine-check-section.ts';

const [EFFECTIVE, LOGICAL] = [0x0123456789abcdefn, 0xfedcba9876543210n];
const at = { effectiveAddress: EFFECTIVE };

/** LoPAR's table of the MC section, row by row: type, sub type, and the bytes of both addresses. */
const ERRORS: [MachineCheckError, codes: string, addresses?: string][] = [
  [{ type: 'ue', transient: false, access: 'indeterminate' }, '0000'],
  [{ type: 'ue', transient: false, access: 'instruction-fetch' }, '0001'],
  [{ type: 'ue', transient: false, access: 'instruction-table-walk' }, '0002'],
  [{ type: 'ue', transient: false, access: 'load-store' }, '0003'],
  [{ type: 'ue', transient: false, access: 'load-store-table-walk' }, '0004'],
  [{ type: 'ue', transient: true, access: 'load-store' }, '0083'],
  [{ type: 'ue', transient: false, access: 'load-store', ...at }, '0043', '0123456789abcdef0000000000000000'],
  [
    { type: 'ue', transient: true, access: 'load-store', ...at, logicalAddress: LOGICAL },
    '00e3',
    '0123456789abcdeffedcba9876543210',
  ],
  [{ type: 'slb', cause: 'parity' }, '0100'],
  [{ type: 'slb', cause: 'multihit' }, '0101'],
  [{ type: 'slb', cause: 'indeterminate' }, '0102'],
  [{ type: 'slb', cause: 'parity', ...at }, '0180', '0123456789abcdef0000000000000000'],
  [{ type: 'erat', cause: 'parity' }, '0201'],
  [{ type: 'erat', cause: 'multihit' }, '0202'],
  [{ type: 'erat', cause: 'indeterminate' }, '0203'],
  [{ type: 'erat', cause: 'multihit', ...at }, '0282', '0123456789abcdef0000000000000000'],
  [{ type: 'tlb', cause: 'parity' }, '0401'],
  [{ type: 'tlb', cause: 'multihit' }, '0402'],
  [{ type: 'tlb', cause: 'indeterminate' }, '0403'],
  [{ type: 'tlb', cause: 'indeterminate', ...at }, '0483', '0123456789abcdef0000000000000000'],
  [{ type: 'd-cache' }, '0500'],
  [{ type: 'i-cache' }, '0700'],
];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const written = (size: number, write: (view: DataView) => void): string => {
  const bytes = new Uint8Array(size);
  write(new DataView(bytes.buffer));
  return hex(bytes);
};

it.each(ERRORS)('the MC section has the codes of row %#', (error, codes, addresses = '0'.repeat(32)) => {
  const text = written(MC_BYTES, (view) => writeMachineCheckError(view, error));
  expect(text).toBe(`${'0'.repeat(32)}${codes}${'0'.repeat(12)}${addresses}`);
  const bytes = Uint8Array.from(Buffer.from(text, 'hex'));
  expect(readMachineCheckError(new DataView(bytes.buffer))).toEqual(error);
});

const NONE: FixedPart = { version: 6, severity: 0, disposition: 0, initiator: 0, target: 0, type: 0 };

/** LoPAR's table of the fixed part: each code of a field, alone beside version 6. */
const FIXED: readonly (readonly [keyof FixedPart, number, string])[] = [
  ...(['06000000', '06200000', '06400000', '06600000', '06800000', '06a00000', '06c00000'] as const).map(
    (text, severity) => ['severity', severity, text] as const,
  ),
  ['disposition', Disposition.FULLY_RECOVERED, '06000000'],
  ['disposition', Disposition.LIMITED_RECOVERY, '06080000'],
  ['disposition', Disposition.NOT_RECOVERED, '06100000'],
  ['initiator', Unit.CPU, '06001000'],
  ['initiator', Unit.PCI, '06002000'],
  ['initiator', Unit.MEMORY, '06004000'],
  ['initiator', Unit.HOTPLUG, '06006000'],
  ['target', Unit.CPU, '06000100'],
  ['target', Unit.MEMORY, '06000400'],
  ['type', ErrorType.ECC_UNCORRECTED, '06000009'],
  ['type', ErrorType.EPOW, '06000040'],
  ['type', ErrorType.PRRN, '060000a0'],
  ['type', ErrorType.PLATFORM_ERROR, '060000e0'],
  ['type', ErrorType.HOTPLUG, '060000e5'],
];

it.each(FIXED)('the fixed part with %s %d is %s', (field, code, text) => {
  const part = { ...NONE, [field]: code };
  expect(written(8, (view) => writeFixedPart(view, part, undefined))).toBe(`${text}00000000`);
  expect(readErrorLog(Uint8Array.from(Buffer.from(`${text}00000000`, 'hex')))).toMatchObject({ [field]: code });
  expect(hex(writeErrorLog(readErrorLog(Uint8Array.from(Buffer.from(`${text}00000000`, 'hex')))))).toBe(
    `${text}00000000`,
  );
});

it('names severities by LoPAR’s numbers', () => {
  expect(Object.values(Severity)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

it.each([
  ['valid', '86008e00'],
  ['unrecoverable', '46008e00'],
  ['recoverable', '26008e00'],
  ['degraded', '16008e00'],
  ['predictive', '0e008e00'],
] as const)('the extended header that is %s begins with %s', (flag, text) => {
  expect(written(16, (view) => writeExtendedHeader(view, { flags: [flag] }))).toBe(`${text}000000000000000049424d00`);
});
