import { definePlugin } from '@checkstop/kernel';
import { type AsmSource, asm } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { patchVector } from './parts/vector.ts';
import { stage } from './testing.ts';

/** A strategy that only patches its vector. */
const patching = (source: AsmSource, code: { readonly unpatch?: boolean } = {}) =>
  definePlugin({
    name: 'patching',
    version: '1.0.0',
    contract: 1,
    requires: ['processor', 'hypervisor', 'fwnmi'],
    setup: (ctx) => patchVector(ctx, 'patching', { source, ...code }),
  })();

describe('patchVector', () => {
  it('puts 64 instructions at 0x200 and no more', () => {
    const { machine } = stage(patching(asm`.space 252, 0x60 ; nop`));
    expect(machine.ram.readU32(0x2fc, 'big')).toBe(0x60000000);
    const details = { strategy: 'patching', length: 260, available: 256 };
    const tooLong = { code: 'STRATEGY_VECTOR_TOO_LONG', details };
    expect(() => stage(patching(asm`.space 256 ; nop`))).toThrow(expect.objectContaining(tooLong));
  });

  it('says where the text is wrong', () => {
    expect(() => stage(patching(asm`b NOWHERE`))).toThrow(/patching:1:3: unknown symbol "NOWHERE"/);
  });

  describe('when the registration is given up', () => {
    const NOPS = [0x60000000, 0x60000000];
    /** Two words in place of what stood at 0x200, and then not. */
    const patched = (code?: { readonly unpatch?: boolean }) => {
      const { machine, label, until, vcpus } = stage(patching(asm`nop ; nop`, code));
      const { ram, bus } = machine;
      const words = (): number[] => [0x200, 0x204].map((at) => ram.readU32(at, 'big'));
      const stale: number[] = [];
      bus.on('staleVector', ({ agent }) => stale.push(agent));
      return {
        ...{ machine, words, stale },
        giveUp() {
          bus.emit('registrationGone', { agent: 0, ranges: [] });
          bus.emit('deregistered', { agent: 0, holder: -1 });
        },
        register: () => bus.emit('registered', { agent: 0, systemReset: 0x100, machineCheck: label('routine') }),
        /** vCPU 1 executes the vector's first instruction. */
        fetch() {
          vcpus[1].nip = 0x200;
          until(1, 0x204);
        },
      };
    };

    it('puts back what stood there before', () => {
      const { words, stale, giveUp, fetch, register, machine } = patched();
      expect(words()).toEqual(NOPS);
      const mark = machine.arena.mark();
      giveUp();
      expect(words()).toEqual([0, 0]);
      machine.ram.writeU32(0x200, NOPS[0], 'big'); // the operating system's own, by chance the same
      fetch();
      expect(stale).toEqual([]);
      machine.arena.undo(mark);
      expect(words()).toEqual(NOPS);
      giveUp();
      register();
      expect(words()).toEqual(NOPS);
    });

    it('leaves alone what an operating system has written over it', () => {
      const { words, giveUp, machine } = patched();
      machine.ram.writeU32(0x200, 0x48000100, 'big');
      giveUp();
      expect(words()).toEqual([0x48000100, NOPS[1]]);
    });

    it('tells of fetches of a vector that is left, until another is registered or something stands in its place', () => {
      const { words, stale, giveUp, fetch, register, machine } = patched({ unpatch: false });
      fetch();
      expect(stale).toEqual([]);
      giveUp();
      expect(words()).toEqual(NOPS);
      fetch();
      expect(stale).toEqual([1]);
      machine.ram.writeU32(0x200, 0x7c631b78, 'big');
      fetch();
      expect(stale).toEqual([1]);
      machine.ram.writeU32(0x200, NOPS[0], 'big');
      register();
      fetch();
      expect(stale).toEqual([1]);
    });
  });
});
