import { describe, expect, it } from 'vitest';
import { assemble } from './assemble.ts';
import { asm } from './template.ts';

const hex = (source: string, options = {}): string => Buffer.from(assemble(source, options).bytes).toString('hex');

describe('assemble', () => {
  it('lays code out from the origin', () => {
    const { bytes, words, symbols, origin, lines } = assemble(
      ['start: b end', '  .org 0x10', '  .set size, end - start', 'end: trap'].join('\n'),
      { origin: 0x200 },
    );
    expect(origin).toBe(0x200);
    expect(words).toEqual([0x48000010, 0, 0, 0, 0x7fe00008]);
    expect(bytes.length).toBe(0x14);
    expect([...symbols]).toEqual([
      ['start', 0x200],
      ['size', 0x10],
      ['end', 0x210],
    ]);
    expect(lines).toEqual([
      { address: 0x200, size: 4, line: 1, kind: 'instruction' },
      { address: 0x204, size: 12, line: 2, kind: 'data' },
      { address: 0x210, size: 4, line: 4, kind: 'instruction' },
    ]);
  });

  it('counts .org and alignment from the origin, and takes labels in .org for where they are', () => {
    const { symbols } = assemble('a: nop; .org a + 8; b: nop; .balign 16; c:', { origin: 0x1008 });
    expect(Object.fromEntries(symbols)).toEqual({ a: 0x1008, b: 0x1010, c: 0x1018 });
  });

  it('writes instructions and data in the byte order asked for', () => {
    expect(hex('nop; .long 1; .quad 2; .short 3')).toBe('600000000000000100000000000000020003');
    expect(hex('nop; .long 1; .quad 2; .short 3', { endian: 'little' })).toBe('000000600100000002000000000000000300');
  });

  it('changes the byte order within a source', () => {
    expect(hex('.endian big; nop; .long 1; .endian little; nop', { endian: 'little' })).toBe(
      '600000000000000100000060',
    );
  });

  it('branches to addresses, also to plain and given ones', () => {
    const { words } = assemble('b 0x100; bl target; ba 0x100', { origin: 0x80, symbols: { target: 0xc0n } });
    expect(words).toEqual([0x48000080, 0x4800003d, 0x48000102]);
  });

  it('takes symbols as wide as a register', () => {
    const { bytes } = assemble('.quad mask, mask >> 63', { symbols: { mask: 0x8000_0000_0000_0000n } });
    expect(Buffer.from(bytes).toString('hex')).toBe('80000000000000000000000000000001');
  });

  it('leaves optional operands out from the last on', () => {
    expect(assemble('beqlr; beqlr cr1; beqlr cr1,3; cmpw r3,r4; cmpw cr1,r3,r4').words).toEqual([
      0x4d820020, 0x4d860020, 0x4d861820, 0x7c032000, 0x7c832000,
    ]);
  });

  it('takes // for a comment as well', () => {
    expect(assemble('nop // nop; nop').words).toEqual([0x60000000]);
  });

  it('pads code with nops and data as told', () => {
    expect(hex('blr; .balign 16')).toBe('4e800020600000006000000060000000');
    expect(hex('.byte 1; .balign 4, 0xff')).toBe('01ffffff');
    expect(hex('.byte 1; .balign 8')).toBe('0100000060000000');
  });
});

describe('asm', () => {
  it('takes numbers, names and other pieces', () => {
    const entry = asm`mtsprg ${2}, r3; li r3, ${-4n}`;
    const source = asm`
      ${entry}
      .asciz "a\n"
      .align 2
      b ${'somewhere'}
    `;
    const { words } = source.assemble({ symbols: { somewhere: 0 }, origin: 0x100 });
    expect(words.slice(0, 2)).toEqual([0x7c7243a6, 0x3860fffc]);
    expect(String(source)).toContain('.asciz "a\\n"');
  });
});
