import { command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { inputBytes } from '../input-bytes.ts';
import { imageLines } from '../listing.ts';
import { wholeNumber } from '../numbers.ts';

/** Bytes of an image: an unmodified kernel fits. */
const LARGEST = 64 * 2 ** 20;

/** `checkstop disasm`: what words of Power code mean. */
export const disasm = command({
  name: 'disasm',
  description: "Disassemble words of Power code in GNU objdump's syntax",
  args: {
    code: {
      type: 'positional',
      required: true,
      description: 'A file with a flat image (- is standard input), or words in hexadecimal',
    },
    origin: { type: 'string', valueHint: 'address', default: '0', description: 'Address of the first byte' },
    endian: { type: 'enum', options: ['big', 'little'], default: 'big', description: 'Byte order' },
  },
  rest: true,
  examples: [
    ['checkstop disasm 7c7243a6 38600000 44000022', 'disassemble three words'],
    ['checkstop disasm vector.bin --origin 0x200 --endian little', 'disassemble an image'],
  ],
  run({ _: code, origin, endian }, io) {
    const start = wholeNumber('origin', origin, 0, Number.MAX_SAFE_INTEGER);
    for (const line of imageLines(inputBytes(io, code, LARGEST), endian, start)) io.out(`${line}\n`);
    return EXIT.holds;
  },
});
