import { type Assembled, type AssembleOptions, assemble } from './assemble.ts';

/** A piece of assembly source: text that can be assembled, or put into another piece. */
export class AsmSource {
  constructor(readonly text: string) {}

  /** Assembles it. */
  assemble(options?: AssembleOptions): Assembled {
    return assemble(this.text, options);
  }

  /** The text, so that a piece can stand inside another. */
  toString(): string {
    return this.text;
  }
}

/**
 * Assembly source as a tagged template; numbers, symbol names, lines of text and other pieces may be put in.
 *
 * ```ts
 * const vector = asm`
 *   mtsprg  2, r3
 *   li      r3, ${HCALL}
 *   sc      1
 * `;
 * const { words } = vector.assemble({ origin: 0x200 });
 * ```
 */
export function asm(
  strings: TemplateStringsArray,
  ...values: readonly (AsmSource | string | number | bigint)[]
): AsmSource {
  return new AsmSource(String.raw(strings, ...values));
}
