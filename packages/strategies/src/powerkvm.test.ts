import { checkDeterminism, seededRandom } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { powerkvm2014 } from './powerkvm-2014.ts';
import { powerkvm2015 } from './powerkvm-2015.ts';
import { qemu50 } from './qemu-5.0.ts';
import { type Stage, stage } from './testing.ts';

/** The words at 0x200, as the vCPUs fetch them. */
const wordsOf = ({ machine }: Stage, count: number, endian: 'big' | 'little' = 'big'): string[] =>
  Array.from({ length: count }, (_, i) =>
    machine.ram
      .readU32(0x200 + 4 * i, endian)
      .toString(16)
      .padStart(8, '0'),
  );

const branchTo = (routine: number): string => (0x48000002 | routine).toString(16);

/** vCPU 0 struck with something in every register that the vector uses, and in its routine. */
function delivered(set: Stage): Stage {
  const [vcpu] = set.vcpus;
  for (let n = 3; n < 8; n++) vcpu.setGpr(n, 0x1111n * BigInt(n));
  vcpu.setReg('cr', 0x8234_5678n);
  set.strike(0);
  set.until(0, set.label('routine'));
  return set;
}

describe('powerkvm-2014', () => {
  const { firmware } = powerkvm2014;
  const repaired = { registers: 'pulled', sample: 'injection' } as const;

  it.each(['big', 'little'] as const)('has the words of that time, %s-endian', (endian) => {
    const set = stage(powerkvm2014(), { firmware, endian });
    expect(wordsOf(set, 16, endian)).toEqual([
      ...['7c7243a6', '38600000', '6063f004', '44000022', '2fa30000', '409e0008', '4800020a', '7c9243a6'],
      ...['e8830000', '7c9a03a6', 'e8830008', '7c9b03a6', '38630010', '7c9242a6'],
      ...[branchTo(set.label('routine')), '48000000'],
    ]);
  });

  it.each(['big', 'little'] as const)('lays its frame out at RTAS base + 4096, %s-endian', (endian) => {
    const set = delivered(stage(powerkvm2014(repaired), { firmware, endian }));
    const { base } = set.fwnmi.rtas;
    const frame = [0, 8, 16].map((offset) => set.machine.ram.readU64(base + 0x1000 + offset, endian));
    expect(frame).toEqual([BigInt(set.label('work')), set.vcpus[0].reg('srr1'), 0x3333n]);
    expect(set.machine.ram.readU32(base + 0x1018, 'big')).toBe(0x00704400);
    expect(set.vcpus[0].gpr(3)).toBe(BigInt(base + 0x1010));
  });

  it('says that an uncorrectable error of a load or store is one, and nothing of any other', () => {
    const set = stage(powerkvm2014(), { firmware });
    set.hypervisor.checks.latch(0, { kind: 'ue-load-store', recovered: false, address: 0n });
    set.until(0, set.label('routine'));
    expect(set.machine.ram.readU32(set.fwnmi.buffer + 8, 'big')).toBe(0x00704409);
  });

  it('retries by an absolute branch while the flag is set', () => {
    const set = stage(powerkvm2014(), { firmware });
    set.strike(0);
    set.until(0, set.label('routine'));
    set.strike(1);
    for (let tries = 0; tries < 2; tries++) {
      set.until(1, 0x218);
      set.until(1, 0x208);
    }
    set.until(0, set.label('routine') + 16);
    set.until(1, set.label('routine'));
  });
});

describe('powerkvm-2015', () => {
  const { firmware } = powerkvm2015;

  it.each(['big', 'little'] as const)('has the words of that time, %s-endian', (endian) => {
    const set = stage(powerkvm2015(), { firmware, endian });
    expect(wordsOf(set, 17, endian)).toEqual([
      ...['7c7243a6', '38600000', '6063f004', '44000022', '2c230000', '4182fff4', '7c9243a6', 'e8830000'],
      ...['7c9a03a6', 'e8830008', '7c9b03a6', 'e8830010', '7c800120', '38630018', '7c9242a6'],
      ...[branchTo(set.label('routine')), '48000000'],
    ]);
  });

  it.each(['big', 'little'] as const)('lays its frame out at RTAS base + 0x800, %s-endian', (endian) => {
    const set = delivered(stage(powerkvm2015({ sample: 'injection', stack: 'cleared' }), { firmware, endian }));
    const { base } = set.fwnmi.rtas;
    const frame = [0, 8, 16, 24].map((offset) => set.machine.ram.readU64(base + 0x800 + offset, endian));
    expect(frame).toEqual([BigInt(set.label('work')), set.vcpus[0].reg('srr1'), 8n << 32n, 0x3333n]);
    expect(set.machine.ram.readBytes(base + 0x820, 9)).toEqual(Uint8Array.of(0, 0x70, 0x44, 0, 0, 0, 0, 0, 0));
    expect(set.vcpus[0].gpr(3)).toBe(BigInt(base + 0x818));
  });

  it.each(['big', 'little'] as const)(
    'writes all but two of the words wrong on a little-endian host, %s-endian',
    (endian) => {
      const right = wordsOf(stage(powerkvm2015(), { firmware, endian }), 17, endian);
      const wrong = wordsOf(stage(powerkvm2015({ host: 'little' }), { firmware, endian }), 17, endian);
      const swapped = (word: string): string => (word.match(/../g) ?? []).reverse().join('');
      expect(wrong).toEqual(right.map((word, i) => (i === 2 || i === 15 ? word : swapped(word))));
    },
  );
});

it.each([powerkvm2014, powerkvm2015, qemu50])('a preset keeps no state outside the arena', (preset) => {
  const { machine } = stage(preset(), { firmware: preset.firmware });
  expect(checkDeterminism(machine, seededRandom(1), 300)).toBeGreaterThan(20);
});
