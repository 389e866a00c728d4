import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CheckstopError } from '@checkstop/kernel';
import { type Io, readInput, STANDARD_STREAM } from './io.ts';

/**
 * Bytes as somebody has them at hand: the name of a file (`-` is standard input), or hexadecimal digits, which may be apart and have 0x before them.
 * Of a file no more than `most` bytes are read.
 *
 * @throws CheckstopError CLI_BAD_HEX, CLI_CANNOT_READ, CLI_INPUT_TOO_LARGE
 */
export function inputBytes(io: Io, words: readonly string[], most: number): Uint8Array {
  const [first = ''] = words;
  const isFile = first === STANDARD_STREAM || (first !== '' && existsSync(resolve(io.cwd, first)));
  if (words.length === 1 && isFile) return readInput(io, first, most);
  const digits = words.join(' ').replaceAll(/\b0x|[\s_,]/gi, '');
  if (digits === '' || digits.length % 2 === 1 || /[^\da-f]/i.test(digits))
    throw new CheckstopError(
      'CLI_BAD_HEX',
      `'${words.join(' ')}' is neither a file nor an even number of hexadecimal digits.`,
    );
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
