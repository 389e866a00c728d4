import { decode } from '../isa/table.ts';
import { entriesOf } from '../mnemonics/dictionary.ts';
import { type DisassembleOptions, printEntry } from './print.ts';

/**
 * One instruction word in GNU objdump's words: extended mnemonics where it has them, decimal immediates, hexadecimal
 * targets. What is not an instruction, or has a reserved bit set, is printed as `.long`; so without symbols the text
 * always assembles to the same word at the same address.
 */
export function disassemble(word: number, address: number | bigint = 0, options: DisassembleOptions = {}): string {
  const row = decode(word);
  const entries = row ? entriesOf(row) : [];
  for (const entry of options.raw ? entries.slice(-1) : entries) {
    const values = entry.decode(word >>> 0);
    if (values) return printEntry(entry, values, address, options);
  }
  return `.long 0x${(word >>> 0).toString(16)}`;
}
