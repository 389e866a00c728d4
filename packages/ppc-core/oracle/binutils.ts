import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** GNU binutils for ppc64, as Debian names them. */
export const BINUTILS = ['as', 'ld', 'objcopy', 'objdump'].map((tool) => `powerpc64-linux-gnu-${tool}`);
const [AS = '', LD = '', OBJCOPY = '', OBJDUMP = ''] = BINUTILS;

/** What GNU as makes of each line; undefined where it refuses. A constant branch operand is a distance to it. */
export function gnuWords(lines: readonly string[]): (number | undefined)[] {
  return inFolder((folder) => {
    const source = join(folder, 'a.s');
    const object = join(folder, 'a.o');
    const run = (text: string) => {
      writeFileSync(source, text);
      return spawnSync(AS, [...flags('big'), '-o', object, source], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    };
    const { stderr } = run(`${lines.join('\n')}\n`);
    const refused = new Set([...stderr.matchAll(/:(\d+): Error/g)].map(([, line]) => Number(line) - 1));
    run(`${lines.map((line, index) => (refused.has(index) ? '.long 0' : line)).join('\n')}\n`);
    execFileSync(OBJCOPY, ['-O', 'binary', '-j', '.text', object, `${object}.bin`]);
    const bytes = readFileSync(`${object}.bin`);
    return lines.map((_, index) => (refused.has(index) ? undefined : bytes.readUInt32BE(4 * index)));
  });
}

/** What objdump prints for each word of a flat image at address 0. */
export function gnuTexts(words: readonly number[], raw: boolean): string[] {
  return inFolder((folder) => {
    const image = join(folder, 'a.bin');
    const bytes = Buffer.alloc(4 * words.length);
    for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, 4 * index);
    writeFileSync(image, bytes);
    const machine = ['-b', 'binary', '-m', 'powerpc:common64', '-EB', '-M', raw ? 'power9,raw' : 'power9'];
    const listing = execFileSync(OBJDUMP, ['-D', '-z', ...machine, image], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    const lines = listing.split('\n').filter((line) => /^\s+[\da-f]+:\t/.test(line));
    return lines.map((line) => line.split('\t').slice(2).join(' ').replace(/\s+/g, ' ').trim());
  });
}

/** The first line of `as --version`. */
export function gnuVersion(): string {
  return execFileSync(AS, ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? '';
}

/** Assembles and links a whole source at an address; the flat image in hexadecimal. */
export function gnuImage(source: string, origin: number, endian: 'big' | 'little'): string {
  return inFolder((folder) => {
    const text = join(folder, 'a.s');
    const [object, linked, image] = [`${text}.o`, `${text}.elf`, `${text}.bin`];
    writeFileSync(text, source);
    execFileSync(AS, [...flags(endian), '-o', object, text]);
    const emulation = endian === 'big' ? 'elf64ppc' : 'elf64lppc';
    execFileSync(LD, ['-m', emulation, `-Ttext=0x${origin.toString(16)}`, '-e', '0', '-o', linked, object]);
    execFileSync(OBJCOPY, ['-O', 'binary', '-j', '.text', linked, image]);
    return readFileSync(image).toString('hex');
  });
}

function flags(endian: 'big' | 'little'): string[] {
  return ['-mpower9', '-mregnames', '-a64', endian === 'big' ? '-be' : '-le'];
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'checkstop-binutils-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
