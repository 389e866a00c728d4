import { CheckstopError } from '@checkstop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from './assemble.ts';

function errorOf(source: string, options = {}): CheckstopError {
  try {
    assemble(source, options);
  } catch (error) {
    if (error instanceof CheckstopError) return error;
    throw error;
  }
  throw new Error(`assembled: ${source}`);
}

describe('what is wrong with a source', () => {
  it.each([
    // code, source, line, column, message
    ['ASM_UNKNOWN_MNEMONIC', 'nop\n  adi r3,r3,1', 2, 3, 'unknown instruction "adi"; did you mean addi, add or tdi?'],
    ['ASM_UNKNOWN_MNEMONIC', 'ADID r3,r3,1', 1, 1, 'unknown instruction "ADID"; did you mean addi or'],
    ['ASM_UNKNOWN_MNEMONIC', 'frob', 1, 1, 'unknown instruction "frob"; did you mean cror?'],
    ['ASM_UNKNOWN_MNEMONIC', 'sutd r3,0(r4)', 1, 1, 'unknown instruction "sutd"; did you mean std?'],
    ['ASM_UNKNOWN_MNEMONIC', 'frobnicate', 1, 1, 'unknown instruction "frobnicate"; expected a mnemonic, a directive'],
    ['ASM_UNKNOWN_DIRECTIVE', '.frobnicate 1', 1, 1, 'unknown directive ".frobnicate"; known are .byte, '],
    ['ASM_UNKNOWN_DIRECTIVE', '.lnog 1', 1, 1, 'unknown directive ".lnog"; did you mean .long?'],
    ['ASM_UNKNOWN_DIRECTIVE', '.toString', 1, 1, 'unknown directive ".toString"'],
    ['ASM_BAD_OPERAND', 'addi r3,r4', 1, 1, 'addi has other operands: expected "addi RT,RA0,SI"'],
    ['ASM_BAD_OPERAND', 'addi r3,r4(r5)', 1, 1, 'addi has other operands: expected "addi RT,RA0,SI"'],
    ['ASM_BAD_OPERAND', 'nop nop', 1, 1, 'nop has other operands: expected "nop"'],
    ['ASM_BAD_OPERAND', 'icbt r3', 1, 1, 'expected "icbt CT,RA0,RB" or "icbt RA0,RB"'],
    ['ASM_BAD_OPERAND', 'ld r3,8,r4', 1, 1, 'ld has other operands: expected "ld RT,DS(RA0)"'],
    ['ASM_BAD_OPERAND', 'li r3,r4', 1, 7, 'li: expected a number, found the register r4'],
    ['ASM_BAD_OPERAND', 'mr r3,cr4', 1, 7, 'mr: expected a register r0..r31, found the register cr4'],
    ['ASM_BAD_OPERAND', '.long "text"', 1, 7, 'expected a number, found a string'],
    ['ASM_BAD_OPERAND', '.ascii 1', 1, 8, 'expected a string in double quotes'],
    ['ASM_BAD_OPERAND', '.endian middle', 1, 1, 'expected .endian big or .endian little'],
    ['ASM_BAD_OPERAND', '.space', 1, 1, 'expected a number of bytes'],
    ['ASM_BAD_OPERAND', '.fill', 1, 1, 'expected a number of times'],
    ['ASM_OUT_OF_RANGE', 'add r3,r4,32', 1, 11, 'add: expected a register r0..r31 in 0..31, found 32'],
    ['ASM_OUT_OF_RANGE', 'li r3, 0x8000', 1, 8, 'li: expected a number in -32768..32767, found 32768'],
    ['ASM_OUT_OF_RANGE', 'ld r3, 6(r4)', 1, 8, 'ld: expected a number in -32768..32764, a multiple of 4, found 6'],
    ['ASM_OUT_OF_RANGE', 'beq 0x8000', 1, 5, 'beq: the target is too far'],
    ['ASM_OUT_OF_RANGE', 'b . + 2', 1, 3, 'its distance is 2, expected -33554432..33554428, a multiple of 4'],
    ['ASM_OUT_OF_RANGE', 'insrwi r3,r4,16,20', 1, 1, 'the operands 3, 4, 16, 20 do not go together'],
    ['ASM_OUT_OF_RANGE', '.byte 1, 256', 1, 10, '256 does not fit 8 bits (-128..255)'],
    ['ASM_OUT_OF_RANGE', 'nop; nop; .org 4', 1, 16, '.org 0x4 would move back from 0x8'],
    ['ASM_OUT_OF_RANGE', '.balign 3', 1, 9, 'expected a power of two, found 3'],
    ['ASM_OUT_OF_RANGE', '.long 1 / 0', 1, 11, 'division by zero'],
    ['ASM_OUT_OF_RANGE', '.quad 0, 0x10000000000000000', 1, 10, '0x10000000000000000 does not fit 64 bits'],
    ['ASM_OUT_OF_RANGE', `li 3,${'9'.repeat(1e6)}`, 1, 6, '999 does not fit 64 bits'],
    ['ASM_OUT_OF_RANGE', '.fill 4,3', 1, 9, 'expected a size of 1, 2 or 4, found 3'],
    ['ASM_OUT_OF_RANGE', '.fill 0x1000000,4', 1, 7, 'expected 0..4194304, found 16777216'],
    ['ASM_OUT_OF_RANGE', '.fill 1,1,256', 1, 11, '256 does not fit 8 bits (-128..255)'],
    ['ASM_OUT_OF_RANGE', '.long 1 << 64', 1, 12, 'shift by 64; expected 0..63'],
    ['ASM_UNKNOWN_SYMBOL', 'b nowhere', 1, 3, 'unknown symbol "nowhere"'],
    ['ASM_UNKNOWN_SYMBOL', 'mtspr ctrl,r3', 1, 7, 'unknown symbol "ctrl"'],
    ['ASM_UNKNOWN_SYMBOL', 'mtspr srr2,r3', 1, 7, 'unknown symbol "srr2"'],
    ['ASM_UNKNOWN_SYMBOL', 'busy: nop; b bsuy', 1, 14, 'unknown symbol "bsuy"; did you mean busy?'],
    ['ASM_UNKNOWN_SYMBOL', 'addi r1,r40', 1, 9, 'r40 is no register: r0 to r31; nor is it a symbol'],
    ['ASM_UNKNOWN_SYMBOL', 'addi r1,R4,5', 1, 9, 'R4 is no register: r0 to r31'],
    ['ASM_UNKNOWN_SYMBOL', 'cmpd cr8,r3,r4', 1, 6, 'cr8 is no CR field: cr0 to cr7'],
    ['ASM_UNKNOWN_SYMBOL', 'mr r3,f1', 1, 7, 'f1 is no register: r0 to r31, cr0 to cr7; there is no floating point'],
    ['ASM_BAD_OPERAND', 'r40 = 1\naddi r1,r40', 2, 1, 'addi has other operands'],
    ['ASM_UNKNOWN_SYMBOL', '1: b 1f', 1, 6, 'unknown symbol "1f"'],
    ['ASM_UNKNOWN_SYMBOL', '.space later\nlater:', 1, 8, 'unknown symbol "later"'],
    ['ASM_DUPLICATE_LABEL', '.equiv a, 1\n.set a, 2', 2, 1, '"a" is already defined on line 1'],
    ['ASM_DUPLICATE_LABEL', 'a: nop\na: nop', 2, 1, '"a" is already defined on line 1'],
    ['ASM_CIRCULAR_SYMBOL', 'a = b\nb = a\n.long a', 2, 5, '"a" is defined by itself'],
    ['ASM_MISALIGNED', '.byte 1; nop', 1, 10, 'an instruction at 0x1'],
    ['ASM_TOO_LARGE', '.org 0x2000000', 1, 6, 'the image grows beyond'],
    ['ASM_SYNTAX', 'addi r3,,1', 1, 9, 'expected a number, a symbol or "(", found ","'],
    ['ASM_SYNTAX', 'addi r3,r4,(1', 1, 14, 'expected ")", found the end of the line'],
    ['ASM_SYNTAX', 'li r3,5 6', 1, 9, 'expected "," or the end of the statement, found "6"'],
    [
      'ASM_SYNTAX',
      '.ascii "abc',
      1,
      8,
      'cannot read ""abc"; expected a name, a number, an operator or a string in double',
    ],
    ['ASM_SYNTAX', 'li r3,0x ', 1, 7, 'cannot read "0x"; expected'],
    ['ASM_SYNTAX', `nop; ${'\0'.repeat(1e6)}`, 1, 6, `cannot read "${'\0'.repeat(40)}..."; expected`],
    ['ASM_SYNTAX', '.byte 08', 1, 7, 'octal'],
    ['ASM_SYNTAX', '5', 1, 1, 'expected a label, an instruction or a directive, found "5"'],
    ['ASM_SYNTAX', '.set 1, 2', 1, 6, 'expected a name to set, found "1"'],
    ['ASM_SYNTAX', '. = 4', 1, 1, '"." cannot be set; .org moves on'],
    ['ASM_SYNTAX', '.set ., 4', 1, 6, 'expected a name to set, found "."'],
    ['ASM_SYNTAX', 'nop\nnop /* nop', 2, 5, 'this comment has no end'],
    ['ASM_SYNTAX', '/*/', 1, 1, 'this comment has no end'],
    ['ASM_SYNTAX', 'lis r3,a@hx', 1, 10, 'expected @l, @h'],
    ['ASM_SYNTAX', 'lis r3,5@toString', 1, 10, 'expected @l, @h'],
  ])('%s in %j', (code, source, line, column, message) => {
    const error = errorOf(source);
    expect(error).toMatchObject({ code, details: { line, column } });
    expect(error.message).toContain(`line ${line}, column ${column}: `);
    expect(error.message).toContain(message);
  });

  it('names the source', () => {
    const error = errorOf('/* two\nlines */ nope', { name: 'guest.s' });
    expect(error.message).toMatch(/^guest\.s:2:10: unknown instruction "nope"/);
    expect(error.details).toMatchObject({ file: 'guest.s', line: 2, column: 10 });
  });

  it.each([
    ['nop', { origin: -4 }, 'origin is -4; give a non-negative integer'],
    ['nop', { symbols: { a: 0.5 } }, 'symbols.a is 0.5; give an integer'],
    ['nop', { symbols: { a: null } }, 'symbols.a is null; give an integer'],
    ['nop', { endian: 'middle' }, 'endian is middle; give big or little'],
    [undefined as unknown as string, {}, 'the source is undefined; give its text'],
  ])('says which option is wrong: %j, %j', (source, options, message) => {
    expect(errorOf(source, options)).toMatchObject({
      code: 'ASM_BAD_OPTION',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['a label given as a symbol', 'a: nop', { symbols: { a: 1 } }, 'ASM_DUPLICATE_LABEL'],
    ['nested parentheses', `.long ${'('.repeat(2e4)}1${')'.repeat(2e4)}`, {}, 'ASM_SYNTAX'],
    ['many operators', `.long 1${'+1'.repeat(2e4)}`, {}, 'ASM_SYNTAX'],
    ['signs', `.long ${'-'.repeat(2e4)}1`, {}, 'ASM_SYNTAX'],
    ['long chains of symbols', chain(1e4), {}, 'ASM_CIRCULAR_SYMBOL'],
    ['comments without end', '/*'.repeat(1e5), {}, 'ASM_SYNTAX'],
    ['strings without end', `.ascii "${'\\"'.repeat(1e5)}`, {}, 'ASM_SYNTAX'],
    ['large images', '.space 0x1000000; nop', {}, 'ASM_TOO_LARGE'],
  ])('bounds %s', (_, source, options, code) => {
    expect(errorOf(source, options)).toMatchObject({ code });
  });

  it('is a CheckstopError for any text', () => {
    const word = fc.constantFrom(
      ...[
        'addi',
        'b',
        'bne+',
        '.long',
        '.org',
        '.set',
        '.balign',
        'x',
        ':',
        ',',
        '(',
        ')',
        '@l',
        '-',
        '+',
        '<<',
        '=',
        ';',
      ],
      ...[
        'r3',
        '4',
        '1f',
        '1',
        '"s"',
        '\n',
        '#',
        '/*',
        '.',
        '%',
        "'",
        '\\',
        '0x',
        '00',
        '08',
        '0b2',
        '@l',
        '@',
        'toString',
        '!',
        '<=',
        '.fill',
        '4*cr1+eq',
      ],
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          assemble(source);
        } catch (error) {
          expect(error).toBeInstanceOf(CheckstopError);
          expect((error as CheckstopError).code).toMatch(/^ASM_/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function chain(length: number): string {
  const links = Array.from({ length }, (_, index) => `s${index} = s${index + 1} + s${index + 1}`);
  return [...links, `s${length} = 1`, '.quad s0'].join('\n');
}
