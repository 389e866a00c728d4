/** Where a processor fetches that is sent to an address: the two low bits do not count (Power ISA, NIA). */
export const instructionAddress = (address: number): number => address - (address % 4);
