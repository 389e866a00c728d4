import { describe, expect, it } from 'vitest';
import { explainSection } from './explain-sections.ts';
import type { MachineCheckSection, MainA, MainB, OtherSection } from './section.ts';

const plain = { version: 1, subtype: 0, creator: 0 };
const mainA: MainA = {
  ...{ id: 'PH', ...plain, date: 0x20261128, time: 0x01021500 },
  ...{ creatorId: 'E', sectionCount: 3, platformLogId: 0x50000001 },
};
const mainB: MainB = {
  ...{ id: 'UH', ...plain, subsystem: 0x1f, severity: 0x10 },
  ...{ eventSubtype: 1, actionFlags: 0x8800 },
};
const check: MachineCheckSection = { id: 'MC', ...plain, fru: 0, processor: 0, error: { type: 'i-cache' } };
const other = (code: number): OtherSection => ({ id: 'other', ...plain, code, body: new Uint8Array(5) });

describe('a section in words', () => {
  it.each([
    [
      mainA,
      'Main-A: created by the service processor, on 2026-11-28 at 01:02:15, 3 sections, platform log id 0x50000001',
    ],
    [{ ...mainA, creatorId: 'H', date: 0, time: 0 }, /created by the hypervisor, undated, 3/],
    [{ ...mainA, creatorId: 'W', date: 0 }, /by power control, on 0000-00-00 at 01:02:15/],
    [{ ...mainA, creatorId: 'L' }, /by partition firmware/],
    [{ ...mainA, creatorId: '?' }, /by nobody known \(0x3f\)/],
    [
      mainB,
      'Main-B: subsystem 0x1f (processor and caches), severity 0x10 (recovered), subtype 0x1, action flags 0x8800',
    ],
    [{ ...mainB, subsystem: 0x20, severity: 0x44 }, /0x20 \(memory\), severity 0x44 \(unrecoverable\)/],
    [{ ...mainB, subsystem: 0x79, severity: 0x22 }, /0x79 \(others\), severity 0x22 \(predictive\)/],
    [{ ...mainB, subsystem: 0x7a, severity: 0 }, /0x7a \(surveillance\), severity 0x0 \(informational\)/],
    [{ ...mainB, subsystem: 0xff, severity: 0xff }, /0xff \(reserved\), severity 0xff \(reserved\)/],
    [{ ...mainB, subsystem: 0 }, /0x0 \(unknown\)/],
    [check, 'machine check: instruction cache error'],
    [
      { ...check, processor: 0x18, fru: 0xab },
      'machine check: instruction cache error, physical processor 0x18, FRU 0xab',
    ],
    [
      { ...check, error: { type: 'ue', transient: true, access: 'load-store', logicalAddress: 0x1000n } },
      'machine check: uncorrectable memory error at a load or store, transient (the page is lost), logical address 0x1000',
    ],
    [
      { ...check, error: { type: 'ue', transient: false, access: 'instruction-table-walk', effectiveAddress: 5n } },
      /error at the table walk of an instruction fetch, permanent \(dcbz clears it\), effective address 0x5$/,
    ],
    [{ ...check, error: { type: 'erat', cause: 'parity' } }, 'machine check: ERAT parity'],
    [{ ...check, error: { type: 'tlb', cause: 'indeterminate' } }, 'machine check: TLB indeterminate'],
    [{ ...check, error: { type: 'd-cache' } }, 'machine check: data cache error'],
    [{ ...check, error: { type: 'other', typeCode: 8, subType: 3 } }, /type 8, sub type 0x3, which PAPR does not/],
    [other(0x5053), 'section PS (primary SRC): 5 bytes, not interpreted'],
    [other(0x5a5a), 'section ZZ: 5 bytes, not interpreted'],
    [other(0x0001), 'section 0x1: 5 bytes, not interpreted'],
  ] as const)('%#', (section, words) => {
    expect(explainSection(section)).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
  });

  it('says of the header what is not as always', () => {
    const unusual = { version: 2, subtype: 3, creator: 0x4800 };
    const words = ' (section version 2, subtype 0x3, creator component 0x4800)';
    expect(explainSection({ ...check, ...unusual })).toBe(`machine check: instruction cache error${words}`);
    expect(explainSection({ ...other(0x5053), creator: 5 })).toMatch(/interpreted \(creator component 0x5\)$/);
    expect(explainSection({ ...mainB, ...unusual })).toMatch(/section version 2, section subtype 0x3, creator/);
  });
});
