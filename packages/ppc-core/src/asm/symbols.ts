import { CheckstopError } from '@checkstop/kernel';
import { noRegister } from '../mnemonics/registers.ts';
import { type Expression, evaluate, type Lookup } from './expression.ts';
import { didYouMean, nearest } from './near.ts';
import { asmError, type Place } from './place.ts';

/** Where a name was defined, and as what: given from outside, at an offset from the origin, or as an expression there. */
type Definition =
  | { readonly kind: 'given'; readonly value: bigint }
  | { readonly kind: 'label'; readonly offset: number; readonly at: Place }
  | { readonly kind: 'set'; readonly value: Expression; readonly offset: number; readonly at: Place };

/** How deep definitions may rest on each other. */
const DEEPEST = 100;

/** The symbols of one source. Values are looked up through a view, which decides where the origin lies. */
export class Symbols {
  private readonly definitions = new Map<string, Definition>();

  constructor(given: Readonly<Record<string, number | bigint>>) {
    for (const [name, value] of Object.entries(given)) {
      if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
        throw new CheckstopError(
          'ASM_BAD_OPTION',
          `symbols.${name} is ${value}; give an integer, above 2^53 a bigint.`,
        );
      }
      this.definitions.set(name, { kind: 'given', value: BigInt(value) });
    }
  }

  label(name: string, offset: number, at: Place): void {
    this.define(name, { kind: 'label', offset, at });
  }

  set(name: string, value: Expression, offset: number, at: Place): void {
    this.define(name, { kind: 'set', value, offset, at });
  }

  private define(name: string, definition: Definition & { readonly at: Place }): void {
    const earlier = this.definitions.get(name);
    if (earlier) {
      const where = earlier.kind === 'given' ? 'given as a symbol' : `defined on line ${earlier.at.line}`;
      throw asmError('ASM_DUPLICATE_LABEL', definition.at, `"${name}" is already ${where}`, { symbol: name });
    }
    this.definitions.set(name, definition);
  }

  get(name: string): Definition | undefined {
    return this.definitions.get(name);
  }

  /** All names, numeric labels left out. */
  *names(): Iterable<string> {
    for (const name of this.definitions.keys()) if (!name.includes('#')) yield name;
  }

  /** Labels and `.set` symbols, numeric labels left out. */
  *defined(): Iterable<readonly [name: string, at: Place]> {
    for (const [name, definition] of this.definitions) {
      if (definition.kind !== 'given' && !name.includes('#')) yield [name, definition.at];
    }
  }
}

/** The values of symbols when the source lies at `origin`. */
export class View {
  private readonly values = new Map<string, bigint>();
  private depth = 0;

  constructor(
    private readonly symbols: Symbols,
    private readonly origin: bigint,
  ) {}

  /** The address of an offset. */
  address(offset: number): bigint {
    return this.origin + BigInt(offset);
  }

  /** Looks names up for a statement at an offset, where `.` is. */
  at(offset: number): Lookup {
    return (name, at, shown) => (name === '.' ? this.address(offset) : this.value(name, at, shown));
  }

  /** What a symbol stands for; `at` is where it is asked for. */
  value(name: string, at: Place, shown = name): bigint {
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const definition = this.symbols.get(name);
    if (!definition) {
      const register = noRegister(name);
      const message = register
        ? `${register}; nor is it a symbol`
        : `unknown symbol "${shown}"${didYouMean(nearest(name, this.symbols.names()))}`;
      throw asmError('ASM_UNKNOWN_SYMBOL', at, message, { symbol: shown });
    }
    const value = this.compute(definition, at, shown);
    this.values.set(name, value);
    return value;
  }

  private compute(definition: Definition, at: Place, shown: string): bigint {
    if (definition.kind === 'given') return definition.value;
    if (definition.kind === 'label') return this.address(definition.offset);
    if (this.depth === DEEPEST) {
      const message = `"${shown}" is defined by itself, or through more than ${DEEPEST} other symbols`;
      throw asmError('ASM_CIRCULAR_SYMBOL', at, message, { symbol: shown });
    }
    this.depth += 1;
    const value = evaluate(definition.value, this.at(definition.offset));
    this.depth -= 1;
    return value;
  }
}
