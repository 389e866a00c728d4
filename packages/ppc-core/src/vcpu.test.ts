import { CONTROL, createMachine, LOG_ENTRY, type Machine, PAGE } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { type ProcessorOptions, ppc64 } from './processor.ts';
import { MSR, VECTOR } from './state.ts';
import { bench } from './testing.ts';
import type { Vcpu } from './vcpu.ts';

describe('a vCPU', () => {
  it.each(['big', 'little'] as const)('runs a program, %s-endian', (endian) => {
    const { vcpu, machine } = bench(
      `
      li 3,0
      li 4,10
      mtctr 4
   1: add 3,3,4
      addi 4,4,-1
      bdnz 1b
      li 5,0x2000
      std 3,8(5)
      lwz 6,12(5)
      sc 1
      `,
      { endian },
    );
    expect(vcpu.run(1000)).toEqual({ steps: 3 + 30 + 4, exit: { kind: 'hcall' } });
    expect(vcpu.gpr(3)).toBe(55n);
    expect(vcpu.gpr(6)).toBe(endian === 'big' ? 55n : 0n);
    expect(machine.ram.readU64(0x2008, endian)).toBe(55n);
    expect(vcpu.nip).toBe(0x1000 + 10 * 4);
    expect(machine.arena.hash()).toBe(machine.arena.computeHash());
  });

  it.each([0, -1, 0.5, Number.NaN, Number.NEGATIVE_INFINITY])('refuses a budget of %s', (budget) => {
    expect(() => bench('b .').vcpu.run(budget)).toThrow(expect.objectContaining({ code: 'VCPU_BAD_BUDGET' }));
  });

  it('ends in time however large the budget is', () => {
    for (const budget of [2 ** 31, 2 ** 32, 2 ** 53, Number.POSITIVE_INFINITY]) {
      const { vcpu, machine } = bench('b .');
      machine.arena.logging = false;
      expect(vcpu.run(budget).steps).toBe(2 ** 24 - 1);
    }
    expect(bench('b .').vcpu.run(2.5).steps).toBe(2);
  });

  it.each([2, 0x1001, 1.5, Number.NaN, undefined as unknown as number])('refuses %s for an address', (nip) => {
    const { vcpu } = bench('nop');
    expect(() => {
      vcpu.nip = nip;
    }).toThrow(expect.objectContaining({ code: 'VCPU_BAD_ADDRESS' }));
  });

  it('ignores the last bits of NIP, as there are none', () => {
    const { vcpu } = bench('li 3,1\nli 4,2');
    vcpu.setReg('nip', 0x1006n);
    expect(vcpu.describe()).toBe('0x1004 li r4,2');
    vcpu.run(1);
    expect([vcpu.reg('nip'), vcpu.gpr(4)]).toEqual([0x1008n, 2n]);
  });

  it.each(['r3', 'hrmor', 'constructor', 'gpr'])('has no special register %s', (name) => {
    const { vcpu } = bench('nop');
    const error = expect.objectContaining({ code: 'VCPU_NO_SUCH_REGISTER', details: { name } });
    expect(() => vcpu.reg(name as 'lr')).toThrow(error);
    expect(() => vcpu.setReg(name as 'lr', 1n)).toThrow(error);
  });

  it.each([{ modle: 'power9' }, { model: 'power7' }, { model: 'constructor' }, 'power9'])(
    'is not made of %j',
    (options) => {
      const make = () => createMachine({ plugins: [ppc64(options as ProcessorOptions)] });
      expect(make).toThrow(expect.objectContaining({ code: 'PLUGIN_BAD_OPTION' }));
    },
  );
});

describe('describe', () => {
  it.each([
    [MSR.SF, 0x1000n, '0x1000 bl 0x1010'],
    [MSR.SF, 0xc000_0000_0000_1000n, '0xc000000000001000 (real 0x1000) bl 0xc000000000001010'],
    [0n, 0xffff_ffff_0000_1000n, '0x1000 bl 0x1010'],
    [MSR.SF, 0x1_0000_1000n, '0x100001000 (outside RAM)'],
    [MSR.SF, 0xf000_0001_0000_0000n, '0xf000000100000000 (real 0x100000000) (outside RAM)'],
    [MSR.SF | MSR.LE, 0x1000n, '0x1000 .long 0x11000048'],
  ])('says what is fetched, with MSR %s at %s', (msr, nip, text) => {
    const { vcpu } = bench('bl .+16');
    vcpu.setReg('msr', msr);
    vcpu.setReg('nip', nip);
    expect(vcpu.describe()).toBe(text);
    const { exit } = vcpu.run(1);
    const fetched = vcpu.nip !== VECTOR.instructionStorage;
    expect(fetched).toBe(!text.includes('outside'));
    if (fetched && !exit) expect(vcpu.reg('lr') & 0xffff_ffffn).toBe(0x1004n);
  });
});

describe('footprint', () => {
  it.each([
    ['ld 3,0(1)', 'load'],
    ['dcbz 0,1', 'store'],
    ['lwarx 3,0,1', 'reserve'],
    ['b .', 'branch'],
    ['sc', 'system'],
    ['.long 0', undefined],
  ])('of %s before it runs: %s', (source, footprint) => {
    expect(bench(source).vcpu.footprint).toBe(footprint);
    expect(bench(source, { endian: 'little' }).vcpu.footprint).toBe(footprint);
  });

  it('is that of nothing outside RAM', () => {
    const { vcpu } = bench('nop');
    vcpu.nip = 2 ** 40;
    expect(vcpu.footprint).toBeUndefined();
  });
});

describe('a listener in the middle of an instruction', () => {
  const LOG = 4096;
  /** A machine whose listener to a store leaves hardly any room in the log. */
  const greedy = () => {
    const made = bench('stmw 0,2(20)\nsc', { logBytes: LOG });
    const { vcpu, machine, processor } = made;
    const room = (): number => machine.arena.u32[CONTROL.LOG_LIMIT / 4] - machine.arena.u32[CONTROL.LOG_TOP / 4];
    const eat = (): void => {
      for (let n = 1; room() >= 2 * LOG_ENTRY; n++) vcpu.setReg('dscr', BigInt(n));
    };
    for (let n = 0; n < 32; n++) vcpu.setGpr(n, n === 20 ? 0x2004n : -1n);
    processor.watch({ kind: 'store', start: 0x2000, end: 0x3000 });
    return { ...made, room, eat };
  };
  const owners = ({ arena }: Machine): Uint8Array =>
    arena.u8.slice(arena.layout.pageOwners, arena.layout.pageOwners + arena.layout.ramSize / PAGE);

  it.each(['store', 'interrupt'] as const)('may write a lot (%s)', (event) => {
    const { machine, vcpu, eat, room } = greedy();
    const before = owners(machine);
    machine.bus.on(event, eat);
    vcpu.run(2);
    expect(vcpu.nip).toBe(0xc00);
    expect(room()).toBeGreaterThanOrEqual(0);
    expect(owners(machine)).toEqual(before);
    expect(machine.ram.readU32(0x2006 + 31 * 4, 'big')).toBe(0xffff_ffff);
    expect(machine.arena.hash()).toBe(machine.arena.computeHash());
  });

  it('is stopped where a mark is held, and what it did can be undone', () => {
    const { machine, vcpu, eat } = greedy();
    const { arena } = machine;
    arena.forgetMarks();
    const [state, hash] = [arena.snapshot(), arena.hash()];
    const mark = arena.mark();
    machine.bus.on('store', eat);
    expect(() => vcpu.run(2)).toThrow(expect.objectContaining({ code: 'ARENA_LOG_FULL' }));
    arena.undo(mark);
    expect([arena.snapshot(), arena.hash()]).toEqual([state, hash]);
  });

  it('may not run or interrupt a vCPU, but afterwards anybody may', () => {
    const { machine, processor, vcpu } = bench('nop', { vcpus: 2 });
    const other = processor.vcpus[1] as Vcpu;
    processor.watch({ kind: 'fetch', start: 0x1000, end: 0x1004 });
    for (const meddle of [() => other.raise(VECTOR.machineCheck), () => other.run(1)]) {
      const dispose = machine.bus.on('fetch', meddle);
      expect(() => vcpu.run(1)).toThrow(expect.objectContaining({ code: 'VCPU_BUSY' }));
      dispose();
    }
    expect(vcpu.run(1).steps).toBe(1);
  });

  it('need not be there for a log to be full: a run ends before', () => {
    const { machine, vcpu } = bench('addi 3,3,8\nstmw 0,0(3)\nb .-8', { logBytes: LOG });
    const [before, { arena }] = [owners(machine), machine];
    let turns = 0;
    for (let left = 300; left > 0; turns++) left -= vcpu.run(left).steps;
    expect(turns).toBeGreaterThan(1);
    expect([owners(machine), arena.hash()]).toEqual([before, arena.computeHash()]);
    arena.forgetMarks();
    const [state, mark] = [arena.snapshot(), arena.mark()];
    const forever = () => {
      for (;;) vcpu.run(100);
    };
    expect(forever).toThrow(expect.objectContaining({ code: 'ARENA_LOG_FULL' }));
    arena.undo(mark);
    expect(arena.snapshot()).toEqual(state);
  });

  it('finds room in the log for an interrupt from outside', () => {
    const { machine, vcpu, eat, room } = greedy();
    const before = owners(machine);
    eat();
    vcpu.raise(VECTOR.machineCheck);
    expect(room()).toBeGreaterThanOrEqual(0);
    expect(owners(machine)).toEqual(before);
  });
});
