import { CheckstopError } from '@checkstop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Severity } from './codes.ts';
import { type ErrorLog, isUnrecoverable, machineCheckLog, readErrorLog, writeErrorLog } from './error-log.ts';
import { explainLog } from './explain.ts';
import { type MachineCheckError, UE_ACCESSES } from './machine-check-section.ts';
import type { Section } from './section.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('logs as the pseries machine of QEMU writes them', () => {
  const HEADER = '86008E00 00000000 00000000 49424D00 4D430028 01000000 00000000 00000000';
  const vectors: [string, string, boolean, MachineCheckError][] = [
    [
      'SLB multihit, not recovered',
      `06741000 00000038 ${HEADER} 01810000 00000000 00000000 DEADBEEF 00000000 00000000`,
      false,
      { type: 'slb', cause: 'multihit', effectiveAddress: 0xdeadbeefn },
    ],
    [
      'UE at a load or store, not recovered, no address',
      `06741000 00000038 ${HEADER} 00030000 00000000 00000000 00000000 00000000 00000000`,
      false,
      { type: 'ue', transient: false, access: 'load-store' },
    ],
    [
      'TLB multihit, recovered',
      `06641000 00000038 ${HEADER} 04820000 00000000 DEADBEEF DEADBEEF 00000000 00000000`,
      true,
      { type: 'tlb', cause: 'multihit', effectiveAddress: 0xdeadbeefdeadbeefn },
    ],
  ];
  it.each(vectors)('%s', (_name, text, recovered, error) => {
    const log = machineCheckLog({ severity: Severity.ERROR_SYNC, recovered, error });
    expect(hex(writeErrorLog(log))).toBe(text.replaceAll(' ', ''));
    expect(readErrorLog(bytesOf(text))).toEqual(log);
  });
});

const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const optionalAddress = fc.option(fc.bigInt(0n, 2n ** 64n - 1n), { nil: undefined });
const given = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

const lookaside = fc.record({
  type: fc.constantFrom('slb', 'erat', 'tlb'),
  cause: fc.constantFrom('parity', 'multihit', 'indeterminate'),
  effectiveAddress: optionalAddress,
});
const ue = fc.record({
  type: fc.constant('ue'),
  transient: fc.boolean(),
  access: fc.constantFrom(...UE_ACCESSES),
  effectiveAddress: optionalAddress,
  logicalAddress: optionalAddress,
});
const error = fc
  .oneof(
    lookaside,
    ue,
    fc.record({ type: fc.constantFrom('d-cache', 'i-cache') }),
    fc.record({ type: fc.constant('other'), typeCode: fc.integer({ min: 8, max: 255 }), subType: fc.nat(255) }),
  )
  .map((value) => given(value) as MachineCheckError);
const common = { version: fc.nat(255), subtype: fc.nat(255), creator: u16 };
const section: fc.Arbitrary<Section> = fc.oneof(
  fc.record({ id: fc.constant('MC'), ...common, fru: u32, processor: u32, error }),
  fc.record({
    id: fc.constant('PH'),
    ...common,
    date: u32,
    time: u32,
    creatorId: fc.constantFrom('E', 'H', 'W', 'L'),
    sectionCount: fc.nat(255),
    platformLogId: u32,
  }),
  fc.record({
    id: fc.constant('UH'),
    ...common,
    subsystem: fc.nat(255),
    severity: fc.nat(255),
    eventSubtype: fc.nat(255),
    actionFlags: u16,
  }),
  fc.record({
    id: fc.constant('other'),
    ...common,
    code: fc.constantFrom(0x5053, 0x4548, 0),
    body: fc.uint8Array({ maxLength: 100 }),
  }),
) as fc.Arbitrary<Section>;
const anyLog: fc.Arbitrary<ErrorLog> = fc.record(
  {
    version: fc.nat(255),
    severity: fc.nat(7),
    disposition: fc.nat(3),
    initiator: fc.nat(15),
    target: fc.nat(15),
    type: fc.nat(255),
    extended: fc.record({
      flags: fc.subarray(['valid', 'unrecoverable', 'recoverable', 'degraded', 'predictive']),
      sections: fc.array(section, { maxLength: 6 }),
    }),
  },
  { requiredKeys: ['version', 'severity', 'disposition', 'initiator', 'target', 'type'] },
) as fc.Arbitrary<ErrorLog>;

describe('any log', () => {
  it('reads back as it was written, and again as the same bytes', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const bytes = writeErrorLog(log);
        expect(readErrorLog(bytes)).toEqual(log);
        expect(writeErrorLog(readErrorLog(bytes))).toEqual(bytes);
      }),
    );
  });

  it('can be explained', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const lines = explainLog(log);
        expect(lines.length).toBeGreaterThan(4);
        expect(lines.join()).not.toMatch(/undefined|NaN/);
      }),
    );
  });
});

describe('bytes of any origin', () => {
  const failure = (bytes: Uint8Array) => {
    try {
      readErrorLog(bytes);
      return undefined;
    } catch (caught) {
      return (caught as CheckstopError).code;
    }
  };

  it('read as a log or fail with a typed error', () => {
    const log = writeErrorLog(
      machineCheckLog({ severity: 3, recovered: false, error: { type: 'erat', cause: 'parity' } }),
    );
    fc.assert(
      fc.property(fc.nat(log.length), fc.nat(log.length - 1), fc.nat(255), (length, at, value) => {
        const bytes = log.slice(0, length);
        bytes[at] = value;
        expect([undefined, 'LOG_TRUNCATED', 'LOG_SECTION_LENGTH']).toContain(failure(bytes));
      }),
    );
  });

  it('whatever their lengths claim are read in bounds', () => {
    const tail = fc.uint8Array({ maxLength: 300 });
    const length = fc.oneof(fc.nat(0xffffffff), fc.nat(320), fc.constantFrom(0x7fffffff, 0x80000000, 0xffffffff));
    fc.assert(
      fc.property(length, fc.nat(0xffff), tail, (extended, section, rest) => {
        const bytes = new Uint8Array(28 + rest.length);
        const view = new DataView(bytes.buffer);
        bytes.set(bytesOf(`06741000 00000000 86008E00 00000000 00000000 49424D00 4D43`));
        view.setUint32(4, extended);
        view.setUint16(26, section);
        bytes.set(rest, 28);
        expect([undefined, 'LOG_TRUNCATED', 'LOG_SECTION_LENGTH']).toContain(failure(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect([undefined, 'LOG_TRUNCATED', 'LOG_SECTION_LENGTH']).toContain(failure(bytes));
      }),
    );
  });

  it('with a section of length zero name it', () => {
    const bytes = bytesOf('06741000 00000018 86008E00 00000000 00000000 49424D00 4D430000 01000000');
    expect(() => readErrorLog(bytes)).toThrow(CheckstopError);
    expect(failure(bytes)).toBe('LOG_SECTION_LENGTH');
    expect(failure(bytes.slice(0, 20))).toBe('LOG_TRUNCATED');
  });

  it.each([0, 1, 15])('whose extended part is said to take %i bytes, less than its header, are cut short', (length) => {
    const bytes = bytesOf(`06741000 ${length.toString(16).padStart(8, '0')} 86008E00 00000000 00000000 49424D00`);
    expect(failure(bytes)).toBe('LOG_TRUNCATED');
    expect(() => readErrorLog(bytes)).toThrow(`extended part takes ${length} bytes`);
  });

  it('of an MC section of 32 bytes, as one of LoPAR’s tables has it, are accepted', () => {
    const text = '06741000 00000030 86008E00 00000000 00000000 49424D00 4D430020 01000000 00000000 00000000';
    const log = readErrorLog(bytesOf(`${text} 01800000 00000000 00000000 DEADBEEF`));
    expect(log.extended?.sections).toMatchObject([
      { id: 'MC', error: { cause: 'parity', effectiveAddress: 0xdeadbeefn } },
    ]);
  });

  it('longer than an OS takes cannot be written', () => {
    const body = new Uint8Array(2040);
    const log: ErrorLog = {
      ...machineCheckLog({ severity: 3, recovered: true, error: { type: 'd-cache' } }),
      extended: { flags: [], sections: [{ id: 'other', code: 0x5053, version: 1, subtype: 0, creator: 0, body }] },
    };
    expect(() => writeErrorLog(log)).toThrow(/2072 bytes/);
  });
});

describe('what justifies a panic', () => {
  const log = machineCheckLog({ severity: 3, recovered: false, error: { type: 'slb', cause: 'multihit' } });
  it('is a fatal severity or the unrecoverable bit, not the disposition', () => {
    expect(isUnrecoverable(log)).toBe(false);
    expect(isUnrecoverable({ ...log, severity: Severity.FATAL })).toBe(true);
    expect(isUnrecoverable({ ...log, extended: { flags: ['unrecoverable'], sections: [] } })).toBe(true);
  });

  it('is said in words', () => {
    expect(explainLog(log).join('\n')).toMatchInlineSnapshot(`
      "version 6
      severity ERROR_SYNC: an error that belongs to the interrupted instruction
      disposition NOT_RECOVERED: firmware did not repair it
      initiator CPU, target UNKNOWN, type OTHER
      extended part: valid
      machine check: SLB multihit
      Main-A and Main-B sections are missing: LoPAR wants them first
      Linux flushes and reloads the SLB, counts that as the repair and resumes"
    `);
  });
});
