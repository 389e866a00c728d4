import { SPRS } from '../src/isa/sprs.ts';
import { ROWS } from '../src/isa/table.ts';
import { rowEntry } from '../src/mnemonics/entry.ts';

/** docs/instructions.md, made of the instruction table. */
export function instructionList(): string {
  const bases = [...new Set(ROWS.map((row) => row.base))];
  const instructions = bases.map((base) => {
    const [row, ...variants] = ROWS.filter((each) => each.base === base);
    if (!row) throw new RangeError(base);
    const operands = rowEntry(row).usage.slice(row.mnemonic.length + 1);
    const cells = [row.mnemonic, variants.map(({ mnemonic }) => mnemonic).join(' '), operands, row.encoding];
    return [...cells.map(quoted), row.privileged ? 'privileged' : '', row.footprint].join(' | ');
  });
  const sprs = SPRS.map(({ number, name, access, use }) =>
    [number, name, access, use === 'both' ? 'read, write' : use].join(' | '),
  );
  return `# Instructions

Made of the instruction table in \`packages/ppc-core/src/isa/rows\`; ${ROWS.length} instructions with their variants. How an encoding is written is said in
\`encoding.ts\` beside it, what a footprint means in \`row.ts\`.

| mnemonic | variants | operands | encoding | | footprint |
| --- | --- | --- | --- | --- | --- |
${rows(instructions)}

# Special purpose registers

What is not listed is undefined: in problem state hypervisor emulation assistance, or a privileged-instruction program interrupt where the number
has the bit 0x10; in privileged state a no-op, but emulation assistance for 0, and for 4, 5 and 6 when they are read.

| number | name | state | use |
| --- | --- | --- | --- |
${rows(sprs)}
`;
}

const quoted = (text: string): string => (text === '' ? '' : `\`${text}\``);

const rows = (lines: readonly string[]): string => lines.map((line) => `| ${line} |`).join('\n');
