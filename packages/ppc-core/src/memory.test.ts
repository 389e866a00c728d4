import { PAGE_OWNER, SHARED_BIT } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { assemble } from './asm/assemble.ts';
import { MSR } from './state.ts';
import { bench } from './testing.ts';
import type { Vcpu } from './vcpu.ts';

const SHARED = SHARED_BIT;

describe('decoded code', () => {
  it('is never stale: after a store, a patch from outside, an undo, a restored snapshot, an image put back', () => {
    const { machine, vcpu } = bench('li 3,1\nstw 5,0(4)\nb .-8');
    const word = (source: string): bigint => BigInt(assemble(source).words[0] ?? 0);
    const turn = (): bigint => {
      vcpu.nip = 0x1000;
      vcpu.run(1);
      return vcpu.gpr(3);
    };
    vcpu.setGpr(4, 0x1000n);
    expect(turn()).toBe(1n);
    const mark = machine.arena.mark();
    vcpu.setGpr(5, word('li 3,2'));
    vcpu.run(1);
    expect(turn()).toBe(2n);
    machine.ram.writeU32(0x1000, Number(word('li 3,3')), 'big');
    expect(turn()).toBe(3n);
    machine.arena.undo(mark);
    expect(turn()).toBe(1n);

    const snapshot = machine.arena.snapshot();
    machine.ram.writeU32(0x1000, Number(word('li 3,4')), 'big');
    expect(turn()).toBe(4n);
    const images = machine.arena.images();
    const [four, shared] = [images.take(1), 1];
    machine.ram.writeU32(0x1000, Number(word('li 3,5')), 'big');
    expect(turn()).toBe(5n);
    images.put(shared, four);
    expect(turn()).toBe(4n);
    machine.arena.restore(snapshot);
    expect(turn()).toBe(1n);
  });

  it('does not confuse words that share a place in its cache', () => {
    const count = 20_000; // of two instructions: only a wrong one is seen
    const { machine, vcpu } = bench('nop', { ram: 131072, origin: 0 });
    const [li, ori] = assemble('li 3,0; ori 3,0,0').words as [number, number];
    for (let n = 0; n < count; n++) machine.ram.writeU32(4 * n, ((n % 2 === 0 ? li : ori) | n) >>> 0, 'big');
    machine.arena.logging = false;
    vcpu.nip = 0;
    for (let n = 0; n < count; n++) {
      vcpu.run(1);
      if (vcpu.gpr(3) !== BigInt(n)) expect(n).toBe(-1);
    }
  });
});

describe('RAM of more than 2 GiB', () => {
  const last = 3 * 2 ** 30 - 0x80;
  const large = () => {
    const made = bench('std 4,0(3)\nlwarx 5,0,3\nstwcx. 4,0,3', { ram: 3 * 2 ** 30 });
    made.vcpu.setGpr(3, BigInt(last));
    made.vcpu.setGpr(4, 0x1234_5678_9abc_def0n);
    return made;
  };

  it.each([true, false])('is loaded and stored to the end, and watched (logging: %s)', (logging) => {
    const { machine, processor, vcpu } = large();
    const heard: number[] = [];
    machine.bus.on('store', ({ address }) => heard.push(address));
    processor.watch({ kind: 'store', start: last, end: machine.ram.size });
    machine.arena.logging = logging;
    vcpu.run(3);
    expect(machine.ram.readU64(last, 'big')).toBe(0x9abc_def0_9abc_def0n);
    expect(vcpu.gpr(5)).toBe(0x1234_5678n);
    expect(heard).toEqual([last, last]);
  });

  it('is undone', () => {
    const { machine, vcpu } = large();
    const mark = machine.arena.mark();
    vcpu.run(3);
    machine.arena.undo(mark);
    expect(machine.ram.readU64(last, 'big')).toBe(0n);
  });

  it('loses reservations to what others write', () => {
    const { machine, processor, vcpu } = large();
    vcpu.run(2);
    machine.ram.writeU32(last - 4, 0, 'big');
    expect(processor.reserved(0)).toBe(true);
    machine.ram.writeU32(last + 0x7c, 0, 'big');
    expect(processor.reserved(0)).toBe(false);
  });
});

describe('footprints', () => {
  const run = (source: string, owner: number, { vcpus = 2, address = 0x2000n } = {}) => {
    const made = bench(source, { vcpus });
    const { arena } = made.machine;
    arena.disown();
    arena.claim(0x20, owner);
    made.vcpu.setGpr(3, address);
    arena.track(0);
    made.vcpu.run(1);
    return arena.footprint();
  };

  it('of register instructions are the own vCPU', () => {
    expect(run('add 3,3,3', 255)).toEqual({ read: 1, write: 1, conflict: -1 });
  });

  it('of accesses follow the owner of the page', () => {
    expect(run('ld 4,0(3)', PAGE_OWNER.CONSTANT)).toEqual({ read: 1, write: 1, conflict: -1 });
    expect(run('ld 4,0(3)', 1)).toEqual({ read: 1, write: 1, conflict: -1 });
    expect(run('ld 4,0(3)', PAGE_OWNER.SHARED)).toEqual({ read: 1 | SHARED, write: 1, conflict: -1 });
    expect(run('std 4,0(3)', 1)).toEqual({ read: 1, write: 1, conflict: -1 });
    expect(run('std 4,0(3)', PAGE_OWNER.SHARED)).toEqual({ read: 1 | SHARED, write: 1 | SHARED, conflict: -1 });
    expect(run('std 4,0(3)', PAGE_OWNER.SHARED, { vcpus: 1 })).toEqual({ read: 1, write: 1 | SHARED, conflict: -1 });
  });

  it('report a page that is not the own one', () => {
    expect(run('ld 4,0(3)', 2).conflict).toBe(0x20);
    expect(run('std 4,0(3)', PAGE_OWNER.CONSTANT).conflict).toBe(0x20);
    expect(run('std 4,0(3)', 2).conflict).toBe(0x20);
    expect(run('std 4,-4(3)', 1).conflict).toBe(0x1f);
    expect(run('ld 4,-4(3)', 2).conflict).toBe(0x20);
  });

  it('of reservations are shared', () => {
    expect(run('lwarx 4,0,3', PAGE_OWNER.CONSTANT)).toEqual({ read: 1 | SHARED, write: 1 | SHARED, conflict: -1 });
  });

  it('of a fetch follow the owner of the page, too', () => {
    const { machine, vcpu } = bench('nop');
    machine.arena.track(0);
    vcpu.run(1);
    expect(machine.arena.footprint()).toEqual({ read: 1 | SHARED, write: 1, conflict: -1 });
  });
});

describe('reservations', () => {
  const contest = (endian: 'big' | 'little' = 'big') => {
    const made = bench('lwarx 5,0,3\nstwcx. 6,0,3\nstw 7,0(4)\nstwcx. 6,0,4\nldarx 5,0,3\nstwcx. 6,0,3\nrfid', {
      vcpus: 2,
      endian,
    });
    for (const vcpu of made.processor.vcpus) {
      vcpu.setGpr(3, 0x2000n);
      vcpu.setGpr(4, 0x2040n);
      vcpu.setGpr(6, 0x66n);
    }
    const step = (agent: number, nip: number) => {
      const vcpu = made.processor.vcpus[agent];
      if (!vcpu) return 0n;
      vcpu.nip = nip;
      vcpu.run(1);
      return (vcpu.reg('cr') >> 29n) & 1n; // EQ of CR0
    };
    return { ...made, step };
  };
  const [LOAD, CONDITIONAL, STORE, ELSEWHERE, LOAD8, CONDITIONAL_AGAIN, RFID] = [0, 4, 8, 12, 16, 20, 24].map(
    (at) => 0x1000 + at,
  ) as [number, number, number, number, number, number, number];

  it('let a store-conditional succeed once', () => {
    const { step, machine } = contest();
    step(0, LOAD);
    expect(step(0, CONDITIONAL)).toBe(1n);
    expect(machine.ram.readU32(0x2000, 'big')).toBe(0x66);
    expect(step(0, CONDITIONAL)).toBe(0n);
  });

  it('are lost by a store of another vCPU to the same 128 bytes, not by an own one', () => {
    const { step } = contest();
    step(0, LOAD);
    step(0, STORE);
    expect(step(0, CONDITIONAL)).toBe(1n);
    step(0, LOAD);
    step(1, STORE);
    expect(step(0, CONDITIONAL)).toBe(0n);
  });

  it.each([
    ['stw 7,0(4)', 0x207cn, false],
    ['stw 7,0(4)', 0x2080n, true],
    ['stw 7,0(4)', 0x1ffdn, false],
    ['stdu 7,8(4)', 0x1ffcn, false],
    ['stmw 31,0(4)', 0x2000n, false],
    ['stswi 7,4,32', 0x1fe4n, false],
    ['stq 6,0(4)', 0x2070n, false],
    ['dcbz 0,4', 0x207fn, false],
    ['dcbz 0,4', 0x2080n, true],
    ['dcbz 0,4', 0x1fffn, true],
  ])('survive %s of another vCPU to %s: %s', (source, address, kept) => {
    for (const logging of [true, false]) {
      const { machine, processor } = bench(`lwarx 5,0,3\n${source}`, { vcpus: 2 });
      const [first, second] = processor.vcpus as [Vcpu, Vcpu];
      machine.arena.logging = logging;
      first.setGpr(3, 0x2000n);
      first.run(1);
      second.setGpr(4, address);
      second.nip = 0x1004;
      second.run(1);
      expect(second.nip).toBe(0x1008);
      expect(processor.reserved(0)).toBe(kept);
    }
  });

  it('are lost by a store that begins in a page of its own', () => {
    const { step, machine, processor } = contest();
    machine.arena.disown();
    for (const [page, owner] of [
      [0x1f, 1],
      [0x20, PAGE_OWNER.SHARED],
    ] as const) {
      machine.arena.claim(page, owner);
    }
    step(1, LOAD);
    for (const [address, kept] of [
      [0x1ffcn, true],
      [0x1ffdn, false],
    ] as const) {
      processor.vcpus[0]?.setGpr(4, address);
      step(0, STORE);
      expect(processor.reserved(1)).toBe(kept);
    }
  });

  it('are lost by a store-conditional of another vCPU that succeeds', () => {
    const { step, processor } = contest();
    step(0, LOAD);
    step(1, LOAD);
    expect(step(1, CONDITIONAL)).toBe(1n);
    expect([processor.reserved(0), processor.reserved(1)]).toEqual([false, false]);
    expect(step(0, CONDITIONAL)).toBe(0n);
  });

  it('are shared to whoever asks for them, in a search too', () => {
    const { machine, processor } = contest();
    machine.arena.disown();
    machine.arena.track(0);
    processor.reserved(0);
    expect(machine.arena.touchedRead).toBe(SHARED);
  });

  it('are lost by what others than vCPUs write', () => {
    const { step, machine } = contest();
    step(0, LOAD);
    machine.ram.writeU32(0x2080, 1, 'big');
    expect(step(0, CONDITIONAL)).toBe(1n);
    step(0, LOAD);
    machine.ram.writeU32(0x207c, 1, 'big');
    expect(step(0, CONDITIONAL)).toBe(0n);
  });

  it('are dropped by a store-conditional elsewhere or of another size, which fails', () => {
    const { step } = contest();
    step(0, LOAD);
    expect(step(0, ELSEWHERE)).toBe(0n);
    expect(step(0, CONDITIONAL)).toBe(0n);
    step(0, LOAD8);
    expect(step(0, CONDITIONAL_AGAIN)).toBe(0n);
  });

  it('survive rfid', () => {
    const { step, vcpu } = contest();
    vcpu.setReg('srr1', MSR.SF | MSR.ME);
    step(0, LOAD);
    step(0, RFID);
    expect(step(0, CONDITIONAL)).toBe(1n);
  });

  it('are kept the same way without the log', () => {
    const { step, machine } = contest('little');
    machine.arena.logging = false;
    step(0, LOAD);
    step(1, STORE);
    expect(step(0, CONDITIONAL)).toBe(0n);
    step(0, LOAD);
    expect(step(0, CONDITIONAL)).toBe(1n);
    expect(machine.ram.readU32(0x2000, 'little')).toBe(0x66);
  });
});
