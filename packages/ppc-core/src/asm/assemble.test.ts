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
      { address: 0x200, size: 4, line: 1, kind: 'instruction', endian: 'big' },
      { address: 0x204, size: 12, line: 2, kind: 'data', endian: 'big' },
      { address: 0x210, size: 4, line: 4, kind: 'instruction', endian: 'big' },
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
    const mixed = assemble('.endian big; nop; .long 1; .endian little; nop', { endian: 'little' });
    expect(Buffer.from(mixed.bytes).toString('hex')).toBe('600000000000000100000060');
    expect(mixed.lines.map(({ endian }) => endian)).toEqual(['big', 'big', 'little']);
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

  it.each([
    // What GNU as (2.40) makes of them
    ['!0, !5, !-1', '000000010000000000000000'],
    ['5!3, 1|2!0', 'fffffffdffffffff'],
    ['1==1, 1==2, 1!=2, 1<>1', 'ffffffff00000000ffffffff00000000'],
    ['1<2, 2<1, -1<0, 3>2, 3<=2, 3>=3', 'ffffffff00000000ffffffffffffffff00000000ffffffff'],
    ['1&&2, 1&&0, 0||3, 0||0', '00000001000000000000000100000000'],
    ['2==1+1, 1!=1+1, 1<>1+1, 1<0+2, 3>1+1, 2<=1+1, 2>=1+1', 'ffffffff'.repeat(7)],
    ['1+2!0, -1||0, 0||-1, -1&&1', '00000000000000010000000100000001'],
    ['1||0&&0, 1+1==2, 6&3==2, 3-1<2+1&&1', '00000001ffffffffffffffff00000001'],
  ])('compares, and knows true from false: .long %s', (expressions, bytes) => {
    expect(hex(`.long ${expressions}`)).toBe(bytes);
  });

  it('knows special purpose registers by name, where one is expected', () => {
    const { words } = assemble('dec: mtspr dec,r3; mfspr r4,srr1; mtspr LR+1,r3; b dec', { symbols: { LR: 8 } });
    expect(words).toEqual([0x7c7603a6, 0x7c9b02a6, 0x7c6903a6, 0x4bfffff4]);
  });

  it('reads numbers of every base', () => {
    expect(hex('.byte 0, 00, 010, 0x10, 0X0f, 0b101, 10; .quad 0x0000000000000000000000001')).toBe(
      '000008100f050a0000000000000001',
    );
  });

  it('repeats what it is told to', () => {
    expect(hex('.fill 2,4,0x60000000; .fill 3; .fill 2,2,-2; .zero 2')).toBe('6000000060000000000000fffefffe0000');
    expect(hex('.fill 2,4,0x60000000', { endian: 'little' })).toBe('0000006000000060');
  });

  it('passes over what is told to linkers and debuggers', () => {
    const told = '.machine "power9"; .globl f, g; .type f,@function; .hidden f; .size f,.-f; .ident "x"; .abiversion 2';
    expect(assemble(`${told}; f: nop`).words).toEqual([0x60000000]);
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
