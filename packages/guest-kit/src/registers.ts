/** The numbers from the first to the last. */
export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** One instruction for each register: `each([3, 4], 'std', 'r1', 'GPR')` is `std r3, GPR+8*3(r1)` and `std r4, GPR+8*4(r1)`. */
export const each = (numbers: readonly number[], mnemonic: string, base: string, offset: string): string =>
  numbers.map((n) => `\n        ${mnemonic}     r${n}, ${offset}+8*${n}(${base})`).join('');
