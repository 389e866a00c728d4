import { assemble } from '@checkstop/ppc-core';
import { command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { inputName, readInput } from '../io.ts';
import { listingLine } from '../listing.ts';
import { wholeNumber } from '../numbers.ts';
import { outputFiles } from '../output-files.ts';

/** Bytes of a source: many times what the largest kernel's vectors have. */
const LARGEST = 16 * 2 ** 20;

/** `checkstop asm`: assembles Power code. */
export const asm = command({
  name: 'asm',
  description: "Assemble Power code in GNU as's syntax",
  args: {
    file: { type: 'positional', required: true, description: 'Source file; - is standard input' },
    output: { type: 'string', alias: 'o', valueHint: 'file', description: 'Write the flat image there' },
    origin: { type: 'string', valueHint: 'address', default: '0', description: 'Address of the first byte' },
    endian: { type: 'enum', options: ['big', 'little'], default: 'big', description: 'Byte order' },
    listing: { type: 'boolean', description: 'Print a listing (what happens without --output)' },
  },
  examples: [
    ['checkstop asm vector.s --origin 0x200', 'print the listing of a vector'],
    ['checkstop asm vector.s -o vector.bin --endian little', 'write the image of a little-endian one'],
    ['cpp vector.S | checkstop asm -', 'take it from a program that prints it'],
  ],
  run({ file, output, origin, endian, listing }, outer) {
    const { io, write } = outputFiles(outer, { output }, [{ what: 'the source', file }]);
    const source = new TextDecoder().decode(readInput(io, file, LARGEST));
    const program = assemble(source, {
      origin: wholeNumber('origin', origin, 0, Number.MAX_SAFE_INTEGER),
      endian,
      name: inputName(file),
    });
    write('output', program.bytes);
    if (listing || output === undefined) for (const line of listingOf(program)) io.out(`${line}\n`);
    return EXIT.holds;
  },
});

function listingOf({ bytes, lines, origin, symbols }: ReturnType<typeof assemble>): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const labels = new Map<number, string[]>();
  for (const [name, address] of symbols) labels.set(address, [...(labels.get(address) ?? []), name]);
  return lines.flatMap(({ address, size, kind, endian }) => {
    const at = address - origin;
    const text =
      kind === 'instruction'
        ? listingLine(address, view.getUint32(at, endian === 'little'), symbols)
        : `${address.toString(16).padStart(8, '0')}:  ${Buffer.from(bytes.subarray(at, at + size)).toString('hex')}`;
    return [...(labels.get(address) ?? []).map((name) => `${name}:`), text];
  });
}
