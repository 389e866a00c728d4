/** Bytes that a text in a map takes beside two for each character, roughly. */
const ENTRY_BYTES = 64;

/** Texts as small numbers, in the order in which they are met. */
export class Numbering {
  private readonly numbers = new Map<string, number>();
  private characters = 0;

  /** The number of a text; a new one has the next. */
  of(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(text, number);
    this.characters += text.length;
    return number;
  }

  get size(): number {
    return this.numbers.size;
  }

  get bytes(): number {
    return ENTRY_BYTES * this.size + 2 * this.characters;
  }
}
