import { type Machine, Sfc32 } from '@checkstop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from './isa/row.ts';
import { ROWS, rowOf } from './isa/table.ts';
import { MSR } from './state.ts';
import { type Bench, bench } from './testing.ts';

const RAM = 4096;
const MODES = [0n, MSR.SF, MSR.SF | MSR.LE, MSR.PR, MSR.SF | MSR.HV, MSR.SF | MSR.LE | MSR.PR];

/** A word that is no instruction more often than not, or one of the table's with random operands. */
function randomWord(random: Sfc32): number {
  if (random.below(4) === 0) return random.next();
  const row = ROWS[random.below(ROWS.length)] as (typeof ROWS)[number];
  const operands = random.below(2) === 0 ? random.next() : random.next() & ~0xfff8; // of these, displacements are short
  return (row.value | (operands & ~row.mask)) >>> 0;
}

/** Two vCPUs in a RAM full of random code, registers that mostly point into it. */
function jungle(seed: number): Bench {
  const random = new Sfc32(seed);
  const made = bench('nop', { vcpus: 2, ram: RAM, origin: 0 });
  for (let at = 0; at < RAM; at += 4) made.machine.ram.writeU32(at, randomWord(random), 'big');
  for (const vcpu of made.processor.vcpus) {
    for (let n = 0; n < 32; n++) {
      const near = BigInt(random.below(RAM));
      vcpu.setGpr(n, random.below(3) > 0 ? near : (BigInt(random.next()) << 32n) | BigInt(random.next()));
    }
    vcpu.setReg('msr', MSR.ME | (MODES[random.below(MODES.length)] ?? 0n));
    vcpu.setReg('ile', BigInt(random.below(2)));
    vcpu.setReg('lr', BigInt(random.below(RAM)));
    vcpu.setReg('ctr', BigInt(random.below(RAM)));
    vcpu.setReg('srr0', BigInt(random.below(RAM)));
    vcpu.setReg('srr1', BigInt(random.next()) | MSR.SF);
    vcpu.nip = random.below(RAM / 4) * 4;
  }
  made.machine.arena.forgetMarks();
  return made;
}

/** Runs the vCPUs in turns, `slice` instructions at a call; an exit is answered by going on behind it. */
function run({ processor }: Bench, turns: number, quantum: number, slice = quantum): void {
  for (let turn = 0; turn < turns; turn++) {
    for (const vcpu of processor.vcpus) {
      for (let left = quantum; left > 0; ) {
        const { steps, exit } = vcpu.run(Math.min(slice, left));
        left -= steps;
        if (exit && exit.kind !== 'hcall') vcpu.nip = (vcpu.nip + 4) % 2 ** 32;
      }
    }
  }
}

const stateOf = (machine: Machine): string => Buffer.from(machine.arena.snapshot().state).toString('hex');
const ramOf = (machine: Machine): string => Buffer.from(machine.arena.snapshot().ram).toString('hex');

describe('random words as code', () => {
  it('end in the same state in both builds, and however the run is sliced', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [logged, plain, sliced] = [jungle(seed), jungle(seed), jungle(seed)];
        plain.machine.arena.logging = false;
        run(logged, 10, 20);
        run(plain, 10, 20);
        run(sliced, 10, 20, 1);
        expect(stateOf(plain.machine)).toBe(stateOf(logged.machine));
        expect(ramOf(plain.machine)).toBe(ramOf(logged.machine));
        expect(stateOf(sliced.machine)).toBe(stateOf(logged.machine));
      }),
      { numRuns: 60 },
    );
  });

  it('keep the hash, and are undone to the last bit', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const made = jungle(seed);
        const { arena } = made.machine;
        const before = { state: stateOf(made.machine), ram: ramOf(made.machine), hash: arena.computeHash() };
        const mark = arena.mark();
        run(made, 5, 20);
        expect(arena.hash()).toBe(arena.computeHash());
        const after = arena.hash();
        arena.undo(mark);
        expect({ state: stateOf(made.machine), ram: ramOf(made.machine), hash: arena.hash() }).toEqual(before);
        run(made, 5, 20);
        expect(arena.hash()).toBe(after);
      }),
      { numRuns: 60 },
    );
  });

  it('of every row execute with extreme operands without harm', () => {
    const { machine, vcpu } = bench('nop', { ram: RAM, origin: 0 });
    for (const row of ROWS) {
      for (const operand of [0, -1]) {
        for (const value of [0n, 1n, -1n, 2n ** 63n, 0x8000_0000n]) {
          for (let n = 0; n < 32; n++) vcpu.setGpr(n, BigInt.asUintN(64, value));
          vcpu.setReg('msr', MSR.SF | MSR.HV | MSR.ME);
          vcpu.nip = 0x400;
          machine.ram.writeU32(0x400, (row.value | (operand & ~row.mask)) >>> 0, 'big');
          expect(vcpu.run(1).steps).toBe(1);
          machine.arena.forgetMarks();
        }
      }
    }
    expect(machine.arena.hash()).toBe(machine.arena.computeHash());
  });
});

/** The word of the load that makes the reservation which a store-conditional needs. */
function reserving(row: Row, word: number): number | undefined {
  const load = rowOf(row.mnemonic.replace(/^st(.)cx\.$/, 'l$1arx'));
  return load?.footprint === 'reserve' ? (load.value | (word & ~load.mask)) >>> 0 : undefined;
}

describe('each row by itself, with random operands', () => {
  const AT = RAM - 8;
  const ones = new Uint8Array(RAM).fill(0xff); // so that whatever is stored is a change

  it.each(['big', 'little'] as const)('keeps the hash, is undone, and does the same in both builds (%s)', (endian) => {
    const random = new Sfc32(3);
    const [logged, plain] = [0, 1].map(() => bench('nop', { vcpus: 2, ram: RAM, origin: 0, endian })) as [Bench, Bench];
    const { arena } = logged.machine;
    plain.machine.arena.logging = false;
    const bytes = ({ machine }: Bench): string => stateOf(machine) + ramOf(machine);
    for (const row of ROWS) {
      for (let count = 0; count < 12; count++) {
        const word = (row.value | (random.next() & ~row.mask)) >>> 0;
        // Sums of two, and short displacements from one, are mostly in RAM and half of the time multiples of 16.
        const gprs = Array.from({ length: 32 }, () => BigInt(random.below(RAM / 2) & ~(random.below(2) * 15)));
        for (const { machine, vcpu } of [logged, plain]) {
          machine.ram.writeBytes(0, ones);
          for (const [index, each] of [reserving(row, word) ?? 0, word].entries()) {
            machine.ram.writeU32(AT + 4 * index, each, endian);
          }
          vcpu.setReg('msr', MSR.SF | MSR.HV | (endian === 'little' ? MSR.LE : 0n));
          for (const [n, value] of gprs.entries()) vcpu.setGpr(n, value);
          vcpu.nip = AT;
          if (reserving(row, word)) vcpu.run(1);
          vcpu.nip = AT + 4;
        }
        const [before, hash, mark] = [bytes(logged), arena.computeHash(), arena.mark()];
        for (const { vcpu } of [logged, plain]) vcpu.run(1);
        expect({ word, hash: arena.hash() }).toEqual({ word, hash: arena.computeHash() });
        expect({ word, after: bytes(plain) }).toEqual({ word, after: bytes(logged) });
        arena.undo(mark);
        expect({ word, hash: arena.hash(), before: bytes(logged) }).toEqual({ word, hash, before });
        plain.machine.arena.restore(arena.snapshot());
        arena.forgetMarks();
      }
    }
  });
});

/** What the first vCPU may not touch, whatever it executes: tables, the second one's registers, what lies behind RAM. */
function outOfReach({ machine }: Bench): Uint8Array[] {
  const { layout, u8 } = machine.arena;
  const watched = layout.derived.get('cpu.watch')?.start;
  return [
    u8.slice(layout.pageOwners, layout.sharedBlock),
    u8.slice(layout.agentBlocks + layout.agentBlockSize, layout.agentBlocks + 2 * layout.agentBlockSize),
    u8.slice(watched, layout.ram),
    u8.slice(layout.end),
  ];
}

describe('a vCPU that executes 100000 random words, one at a time', () => {
  // Around both ends of RAM, of 32-bit and of real addresses; odd ones among them.
  const EDGES = [0n, BigInt(RAM), 2n ** 31n, 2n ** 32n, 2n ** 60n, 2n ** 60n + BigInt(RAM), 2n ** 63n];

  it.each([true, false])('stays within its registers and RAM (logging: %s)', (logging) => {
    const random = new Sfc32(logging ? 1 : 2);
    const made = bench('nop', { vcpus: 2, ram: RAM, origin: 0 });
    const { machine, vcpu } = made;
    const { arena, ram } = machine;
    const edge = (): bigint => {
      const near = (EDGES[random.below(EDGES.length)] ?? 0n) + BigInt(random.below(32) - 16);
      return BigInt.asUintN(64, random.below(4) > 0 ? near : BigInt(random.next()) << BigInt(random.below(33)));
    };
    const special = ['lr', 'ctr', 'srr0', 'srr1', 'hsrr0', 'hsrr1', 'xer', 'cr'] as const;
    arena.logging = logging;
    arena.u8.fill(0xa5, arena.layout.end); // so that a zero is seen there, too
    const before = outOfReach(made);
    for (let words = 0; words < 100_000; words++) {
      for (let count = 0; count < 4; count++) vcpu.setGpr(random.below(32), random.below(2) === 0 ? 0n : edge());
      vcpu.setReg(special[random.below(special.length)] ?? 'lr', edge());
      const mode = MODES[random.below(MODES.length)] ?? 0n;
      vcpu.setReg('msr', MSR.ME | mode);
      const at = random.below(RAM / 4) * 4;
      ram.writeU32(at, randomWord(random), mode & MSR.LE ? 'little' : 'big');
      vcpu.nip = at;
      const { steps } = vcpu.run(1);
      if (steps !== 1 || vcpu.nip % 4 !== 0) expect({ words, steps, nip: vcpu.nip }).toBe('one step to a word');
    }
    expect(outOfReach(made)).toEqual(before);
    expect(arena.hash()).toBe(arena.computeHash());
  });
});
