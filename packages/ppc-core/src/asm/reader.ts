import type { Token } from './lexer.ts';
import { asmError } from './place.ts';

/** Reads the tokens of one line after another's, and knows how often each numeric label has been defined so far. */
export class TokenReader {
  private index = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly counts: Map<string, number>,
  ) {}

  peek(): Token {
    return this.tokens[Math.min(this.index, this.tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  /** Takes the next token if it is this punctuation. */
  accept(text: string): boolean {
    const { kind, text: found } = this.peek();
    if (kind !== 'punctuation' || found !== text) return false;
    this.index += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw asmError('ASM_SYNTAX', this.peek(), `expected "${text}", found ${this.show()}`);
  }

  /** Whether a statement ends here. */
  atEnd(): boolean {
    const { kind, text } = this.peek();
    return kind === 'end' || (kind === 'punctuation' && text === ';');
  }

  /** A token in words. */
  show(token = this.peek()): string {
    return token.kind === 'end' ? token.text : `"${token.text}"`;
  }

  /** Defines a numeric label once more; returns the name of this definition. */
  defineLocal(digits: string): string {
    const count = (this.counts.get(digits) ?? 0) + 1;
    this.counts.set(digits, count);
    return `${digits}#${count}`;
  }

  /** The name of the definition that `1b` or `1f` means here. */
  localName({ text }: Token): string {
    const digits = text.slice(0, -1);
    const count = this.counts.get(digits) ?? 0;
    return `${digits}#${text.endsWith('b') ? count : count + 1}`;
  }
}
