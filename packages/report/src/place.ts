/** Where a step happens: an instruction of the guest, or a step of a hypervisor's own code. */
export interface Place {
  /** `routine+0x8` for an instruction, the step's own name otherwise. */
  readonly name: string;
  readonly kind: 'instruction' | 'step';
  /** Of an instruction. */
  readonly address: bigint | undefined;
}

/**
 * Finds the place in a step's description: one that begins with an address is of an instruction there (at the real address
 * where that is another, since symbols are real ones), named after the symbol it follows; any other is of a named step, whatever it waits for.
 */
export function placeOf(text: string, symbols: ReadonlyMap<string, number>): Place {
  const [, effective, real] = /^0x([\da-f]+)(?: \(real 0x([\da-f]+)\))?(?= |$)/.exec(text) ?? [];
  const digits = real ?? effective;
  if (digits === undefined) return { name: text.replace(/ \(waits for .*\)$/s, ''), kind: 'step', address: undefined };
  const address = BigInt(`0x${digits}`);
  return { name: symbolic(address, symbols), kind: 'instruction', address };
}

/** An address as the nearest symbol at or before it, and how far behind it lies. */
function symbolic(address: bigint, symbols: ReadonlyMap<string, number>): string {
  let nearest: [name: string, at: bigint] | undefined;
  for (const [name, value] of symbols) {
    const at = BigInt(value);
    if (at <= address && (nearest === undefined || at > nearest[1])) nearest = [name, at];
  }
  if (nearest === undefined) return `0x${address.toString(16)}`;
  const [name, at] = nearest;
  return address === at ? name : `${name}+0x${(address - at).toString(16)}`;
}
