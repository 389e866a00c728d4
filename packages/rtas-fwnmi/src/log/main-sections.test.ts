import { CHECK_KINDS, type StruckCheck } from '@checkstop/hypervisor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logOf } from '../check-log.ts';
import {
  ERROR_LOG_MAX,
  explainLog,
  logBytes,
  longestLog,
  machineCheckOf,
  readErrorLog,
  withMainSections,
  writeErrorLog,
} from './index.ts';

const check: StruckCheck = {
  ...{ kind: 'slb-multihit', recovered: false, address: 0xdeadbeefn },
  ...{ srr0: 0x5000n, srr1: 0n, cr: 0n },
};
const struck: fc.Arbitrary<StruckCheck> = fc.record({
  kind: fc.constantFrom(...CHECK_KINDS),
  recovered: fc.boolean(),
  ...Object.fromEntries(['address', 'srr0', 'srr1', 'cr'].map((name) => [name, fc.bigInt(0n, 2n ** 64n - 1n)])),
}) as fc.Arbitrary<StruckCheck>;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();

describe('a log with main sections', () => {
  it('is byte for byte as LoPAR lays it out: Main-A, Main-B, then the section that QEMU writes', () => {
    const lines = [
      '06741000 00000080', // the fixed part: 128 bytes follow
      '86008E00 00000000 00000000 49424D00',
      '50480030 01000000 00000000 00000000 00000000 00000000 48000003 00000000 00000000 00000000 00000000 00000000',
      '55480018 01000000 10004000 00000000 00000000 00000000',
      '4D430028 01000000 00000000 00000000 01810000 00000000 00000000 DEADBEEF 00000000 00000000',
    ];
    expect(hex(writeErrorLog(logOf(check, 'main')))).toBe(lines.join('').replaceAll(' ', ''));
  });

  it.each([
    ['slb-multihit', false, 'subsystem 0x10 (processor and caches), severity 0x40 (unrecoverable)'],
    ['slb-multihit', true, 'subsystem 0x10 (processor and caches), severity 0x10 (recovered)'],
    ['ue-load-store', false, 'subsystem 0x20 (memory), severity 0x40 (unrecoverable)'],
  ] as const)('of %s, recovered %s, names the %s', (kind, recovered, words) => {
    const lines = explainLog(logOf({ ...check, kind, recovered }, 'main'));
    expect(lines.find((line) => line.startsWith('Main-B'))).toContain(words);
    expect(lines.join()).not.toContain('missing');
  });

  it('stays as it is where there is no extended part', () => {
    const { extended, ...fixed } = logOf(check);
    expect(extended).toBeDefined();
    expect([withMainSections(fixed), longestLog(fixed)]).toEqual([fixed, fixed]);
    expect(writeErrorLog(fixed)).toHaveLength(8);
  });
});

describe('whatever struck, the log in any form', () => {
  it('reads back as it was written, with its sections in order, counted, and within bounds', () => {
    fc.assert(
      fc.property(struck, fc.constantFrom('mc', 'main', 'longest'), (about, form) => {
        const log = logOf(about, form);
        const bytes = writeErrorLog(log);
        expect(readErrorLog(bytes)).toEqual(log);
        expect(bytes).toHaveLength(logBytes(log));
        expect(bytes).toHaveLength({ mc: 64, main: 136, longest: ERROR_LOG_MAX }[form]);
        const sections = log.extended?.sections ?? [];
        const order = { mc: ['MC'], main: ['PH', 'UH', 'MC'], longest: ['PH', 'UH', 'MC', 'other'] };
        expect(sections.map(({ id }) => id)).toEqual(order[form]);
        if (sections[0]?.id === 'PH') expect(sections[0].sectionCount).toBe(sections.length);
        expect(machineCheckOf(log)).toEqual(machineCheckOf(logOf(about)));
      }),
    );
  });

  it('is found again wherever a reader begins behind other bytes', () => {
    fc.assert(
      fc.property(
        struck,
        fc.uint8Array({ maxLength: 64 }),
        fc.uint8Array({ maxLength: 64 }),
        (about, before, after) => {
          const log = logOf(about, 'main');
          const all = Uint8Array.of(...before, ...writeErrorLog(log), ...after);
          expect(readErrorLog(all.subarray(before.length))).toEqual(log);
        },
      ),
    );
  });
});
