import { CheckstopError } from '@checkstop/kernel';
import { type Chunk, DIRECTIVES, LARGEST, tooLarge } from './directives.ts';
import { evaluate } from './expression.ts';
import { encodeInstruction } from './instruction.ts';
import { splitLines } from './lexer.ts';
import { didYouMean, nearest } from './near.ts';
import { Output } from './output.ts';
import { parse, type Statement } from './parser.ts';
import { asmError } from './place.ts';
import { Symbols, View } from './symbols.ts';

/** How a source is to be assembled. */
export interface AssembleOptions {
  /** Address of the first byte; 0 by default. `.org` and alignment count from here. */
  readonly origin?: number;
  /** Byte order of instructions and data; big by default, as Power starts. */
  readonly endian?: 'big' | 'little';
  /** Values of names that the source does not define. */
  readonly symbols?: Readonly<Record<string, number | bigint>>;
  /** Name of the source for messages, such as its file. */
  readonly name?: string;
}

/** Where the bytes of one statement are, and which line made them. */
export interface AssembledLine {
  readonly address: number;
  /** In bytes. */
  readonly size: number;
  readonly line: number;
  readonly kind: 'instruction' | 'data';
  /** Byte order there, which `.endian` changes. */
  readonly endian: 'big' | 'little';
}

/** An assembled source. */
export interface Assembled {
  readonly origin: number;
  readonly endian: 'big' | 'little';
  readonly bytes: Uint8Array;
  /** The bytes as 32-bit words in the byte order of the image; what is left at the end is not one. */
  readonly words: readonly number[];
  /** Labels and `.set` symbols: addresses, or values as they are. Values beyond 2^53 are left out. */
  readonly symbols: ReadonlyMap<string, number>;
  /** In order of address; statements that contribute no bytes are left out. */
  readonly lines: readonly AssembledLine[];
}

/**
 * Assembles Power code in GNU as's syntax into a flat image.
 *
 * Two passes: the first lays out, the second writes. Branch targets are addresses, also when they are plain numbers.
 *
 * @throws CheckstopError `ASM_*` with `line`, `column` and what was expected, at the first thing that is wrong.
 */
export function assemble(source: string, options: AssembleOptions = {}): Assembled {
  const { origin = 0, endian = 'big', symbols: given = {}, name } = options;
  if (typeof source !== 'string') throw badOption(`the source is ${source}; give its text`);
  if (!Number.isSafeInteger(origin) || origin < 0) throw badOption(`origin is ${origin}; give a non-negative integer`);
  if (endian !== 'big' && endian !== 'little') throw badOption(`endian is ${endian}; give big or little`);
  const symbols = new Symbols(given);
  const view = new View(symbols, BigInt(origin));
  const { chunks, lines, size } = layOut(parse(splitLines(source, name)), symbols, view, origin, endian === 'little');
  const output = new Output(size);
  for (const chunk of chunks) chunk.write(output, view);

  return {
    origin,
    endian,
    bytes: output.bytes,
    words: output.words(endian === 'little'),
    symbols: table(symbols, view),
    lines,
  };
}

const badOption = (text: string): CheckstopError => new CheckstopError('ASM_BAD_OPTION', `${text}.`);

/** Places statement after statement: only what writes them is kept. */
function layOut(
  statements: Iterable<Statement>,
  symbols: Symbols,
  view: View,
  origin: number,
  initiallyLittle: boolean,
): { chunks: Chunk[]; lines: AssembledLine[]; size: number } {
  const offsets = new View(symbols, 0n);
  const chunks: Chunk[] = [];
  const lines: AssembledLine[] = [];
  let littleEndian = initiallyLittle;
  let offset = 0;
  for (const statement of statements) {
    if (statement.kind === 'label') symbols.label(statement.name, offset, statement);
    else if (statement.kind === 'set') symbols.set(statement.name, statement.value, offset, statement);
    else if (statement.name === '.endian') littleEndian = byteOrder(statement) === 'little';
    else {
      const { kind, line } = statement;
      const chunk =
        kind === 'instruction'
          ? new InstructionChunk(statement, offset, littleEndian)
          : directiveChunk(statement, offset, littleEndian, view, offsets);
      if (chunk === undefined || chunk.size === 0) continue;
      chunks.push(chunk);
      lines.push({
        address: origin + offset,
        size: chunk.size,
        line,
        kind: kind === 'instruction' ? 'instruction' : 'data',
        endian: littleEndian ? 'little' : 'big',
      });
      offset += chunk.size;
      if (offset > LARGEST) throw tooLarge(statement);
    }
  }
  return { chunks, lines, size: offset };
}

type Contributing = Extract<Statement, { kind: 'directive' | 'instruction' }>;

function directiveChunk(
  at: Contributing,
  offset: number,
  littleEndian: boolean,
  view: View,
  offsets: View,
): Chunk | undefined {
  const directive = Object.hasOwn(DIRECTIVES, at.name) ? DIRECTIVES[at.name] : undefined;
  if (!directive) {
    const names = [...Object.keys(DIRECTIVES), '.set', '.equ', '.equiv', '.endian'];
    const hint = didYouMean(nearest(at.name, names), `; known are ${names.join(', ')}`);
    throw asmError('ASM_UNKNOWN_DIRECTIVE', at, `unknown directive "${at.name}"${hint}`);
  }
  return directive(at.operands, {
    ...{ at, offset, littleEndian },
    now: (node) => evaluate(node, view.at(offset)),
    nowOffset: (node) => evaluate(node, offsets.at(offset)),
  });
}

/** The word of one instruction. A class, since sources may have millions of them. */
class InstructionChunk implements Chunk {
  readonly size = 4;

  constructor(
    private readonly statement: Contributing,
    private readonly offset: number,
    private readonly littleEndian: boolean,
  ) {}

  write(output: Output, view: View): void {
    const address = view.address(this.offset);
    if (address % 4n !== 0n) {
      const message = `an instruction at 0x${address.toString(16)}; put .align 2 before it`;
      throw asmError('ASM_MISALIGNED', this.statement, message);
    }
    output.word(this.offset, encodeInstruction(this.statement, address, view.at(this.offset)), this.littleEndian);
  }
}

/** `.endian big` or `.endian little`: the byte order from here on. Ours, for images that are entered in either. */
function byteOrder(statement: Contributing): string {
  const [operand, ...more] = statement.operands;
  const name = operand?.value.op === 'name' && more.length === 0 ? operand.value.name : undefined;
  if (name === 'big' || name === 'little') return name;
  throw asmError('ASM_BAD_OPERAND', statement, 'expected .endian big or .endian little');
}

function table(symbols: Symbols, view: View): Map<string, number> {
  const values = new Map<string, number>();
  for (const [name, at] of symbols.defined()) {
    const value = Number(view.value(name, at));
    if (Number.isSafeInteger(value)) values.set(name, value);
  }
  return values;
}
