import { definePlugin } from '@checkstop/kernel';
import { type AsmSource, asm } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { patchVector } from './parts/vector.ts';
import { stage } from './testing.ts';

/** A strategy that only patches its vector. */
const patching = (source: AsmSource) =>
  definePlugin({
    name: 'patching',
    version: '1.0.0',
    contract: 1,
    requires: ['processor', 'hypervisor', 'fwnmi'],
    setup: (ctx) => patchVector(ctx, 'patching', { source }),
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
});
