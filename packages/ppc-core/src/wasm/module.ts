import { type Code, flatten, VALUE_TYPE, type ValueType } from './code.ts';
import { unsigned } from './leb128.ts';

/** A local variable of a function being written, or a global of a module: what reads it, and the opcodes that set it. */
export interface Variable<T extends ValueType = ValueType> {
  readonly type: T;
  readonly get: Code;
  readonly set: Code;
}

/** A function that may be called. */
export interface Func {
  readonly index: number;
}

/** Gives the function being written another local variable, zero at first. */
export type NewLocal = <T extends ValueType>(type: T) => Variable<T>;

interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

interface Body {
  readonly locals: readonly ValueType[];
  readonly code: Code;
}

type Variables<P extends readonly ValueType[]> = { [K in keyof P]: Variable<P[K]> };

/** A WebAssembly module in the making (core specification, 5.5). It imports one memory, `arena.memory`. */
export class WasmModule {
  private readonly types: string[] = [];
  private readonly imports: { name: string; type: number }[] = [];
  private readonly constants: string[] = [];
  private readonly functions: { type: number; body: Body }[] = [];
  private readonly globals: ValueType[] = [];
  private readonly elements: number[] = [];
  private readonly exports: { name: string; index: number }[] = [];

  /** Imports a function as `host.name`. Imports come before functions of the module's own. */
  import(name: string, params: readonly ValueType[], results: readonly ValueType[] = []): Func {
    if (this.functions.length > 0) throw new RangeError('imports come first');
    this.imports.push({ name, type: this.typeIndex({ params, results }) });
    return { index: this.imports.length - 1 };
  }

  /** Imports a number fixed at instantiation as `arena.name`. Comes before globals of the module's own. */
  constant(name: string): Code {
    if (this.globals.length > 0) throw new RangeError('imports come first');
    return [0x23, unsigned(this.constants.push(name) - 1)];
  }

  /** Adds a function; `write` is given its parameters and a maker of further locals. */
  function<const P extends readonly ValueType[]>(
    params: P,
    results: readonly ValueType[],
    write: (parameters: Variables<P>, newLocal: NewLocal) => Code,
  ): Func {
    const locals: ValueType[] = [];
    const parameters = params.map((type, index) => local(type, index)) as unknown as Variables<P>;
    const code = write(parameters, (type) => local(type, params.length + locals.push(type) - 1));
    this.functions.push({ type: this.typeIndex({ params, results }), body: { locals, code } });
    return { index: this.imports.length + this.functions.length - 1 };
  }

  /** Adds a mutable global, zero at first. */
  global<T extends ValueType>(type: T): Variable<T> {
    const index = unsigned(this.constants.length + this.globals.push(type) - 1);
    return { type, get: [0x23, index], set: [0x24, index] };
  }

  /** Puts functions of one signature into the module's table, from 0 on. */
  table(functions: readonly Func[]): void {
    this.elements.push(...functions.map(({ index }) => index));
  }

  /** Calls the function of the table whose index is on the stack, above its arguments. */
  callTable(params: readonly ValueType[], results: readonly ValueType[]): Code {
    return [0x11, unsigned(this.typeIndex({ params, results })), 0x00];
  }

  /** Exports a function. */
  export(name: string, func: Func): void {
    this.exports.push({ name, index: func.index });
  }

  /** The module's bytes. */
  bytes(): Uint8Array {
    const imports = [
      [...text('arena'), ...text('memory'), 0x02, 0x00, 0x01],
      ...this.constants.map((name) => [...text('arena'), ...text(name), 0x03, VALUE_TYPE.i32, 0x00]),
      ...this.imports.map(({ name, type }) => [...text('host'), ...text(name), 0x00, ...unsigned(type)]),
    ];
    const globals = this.globals.map((type) => [VALUE_TYPE[type], 0x01, type === 'i32' ? 0x41 : 0x42, 0x00, 0x0b]);
    const { elements } = this;
    const size = unsigned(elements.length);
    const types = this.types.map((signature) => signature.split(',').map(Number));
    return joined([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, types),
      ...section(2, imports),
      ...section(
        3,
        this.functions.map(({ type }) => unsigned(type)),
      ),
      ...section(4, elements.length > 0 ? [[0x70, 0x01, ...size, ...size]] : []),
      ...section(6, globals),
      ...section(
        7,
        this.exports.map(({ name, index }) => [...text(name), 0x00, ...unsigned(index)]),
      ),
      ...section(9, elements.length > 0 ? [[0x00, 0x41, 0x00, 0x0b, ...size, ...elements.flatMap(unsigned)]] : []),
      ...section(
        10,
        this.functions.map(({ body }) => functionBody(body)),
      ),
    ]);
  }

  private typeIndex({ params, results }: Signature): number {
    const vector = (types: readonly ValueType[]) => [types.length, ...types.map((type) => VALUE_TYPE[type])];
    const signature = [0x60, ...vector(params), ...vector(results)].join();
    const known = this.types.indexOf(signature);
    return known >= 0 ? known : this.types.push(signature) - 1;
  }
}

function local<T extends ValueType>(type: T, index: number): Variable<T> {
  return { type, get: [0x20, unsigned(index)], set: [0x21, unsigned(index)] };
}

function text(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...unsigned(bytes.length), ...bytes];
}

type Bytes = readonly number[];

/** The pieces of a section. */
function section(id: number, entries: readonly Bytes[]): Bytes[] {
  if (entries.length === 0) return [];
  const pieces = [unsigned(entries.length), ...entries];
  return [[id, ...unsigned(lengthOf(pieces))], ...pieces];
}

const lengthOf = (pieces: readonly Bytes[]): number => pieces.reduce((length, piece) => length + piece.length, 0);

function joined(pieces: readonly Bytes[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function functionBody({ locals, code }: Body): number[] {
  const groups = locals.map((type) => [0x01, VALUE_TYPE[type]]);
  const content = [...unsigned(groups.length), ...groups.flat()].concat(flatten(code), 0x0b);
  return unsigned(content.length).concat(content);
}
