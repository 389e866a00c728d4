import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../vectors/binutils.json', import.meta.url);

/** What GNU binutils says, recorded: the repository's tests compare with it where binutils is not installed. */
export interface BinutilsVectors {
  /** First line of `as --version`. */
  readonly version: string;
  /**
   * A flat image from address 0, word by word: the word in hexadecimal, objdump's text, and objdump's raw text where it
   * differs, separated by `|`.
   */
  readonly listing: readonly string[];
  /** Texts that are only written, and as's word for each: `3863fffb|subi r3,r3,5`. */
  readonly written: readonly string[];
  /** The image of program.s at 0x4000, in hexadecimal. */
  readonly program: Readonly<Record<'big' | 'little', string>>;
}

/** The recorded vectors. */
export function readBinutilsVectors(): BinutilsVectors {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Records them anew. */
export function writeBinutilsVectors(vectors: BinutilsVectors): void {
  writeFileSync(file, `${JSON.stringify(vectors, undefined, 2)}\n`);
}

/** A source that uses all of the syntax. */
export const PROGRAM = readFileSync(new URL('../vectors/program.s', import.meta.url), 'utf8');

/** Where {@link PROGRAM} is assembled. */
export const PROGRAM_ORIGIN = 0x4000;
