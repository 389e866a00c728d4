import type { Ram } from '@checkstop/kernel';

/** Most arguments and most results of an RTAS call; Linux's `struct rtas_args` has room for 16 in all. */
const MAX_CELLS = 16;
const CELL = 4;
const HEADER_CELLS = 3;

/** The argument block of an RTAS call: 32-bit cells, big-endian whatever the guest (LoPAR, "RTAS Argument Call Buffer"). */
export interface RtasBlock {
  readonly token: number;
  readonly argumentCount: number;
  readonly resultCount: number;
  /** A cell among the arguments, counted from 0. */
  argument(index: number): number;
  /** Writes a result; results the caller left no room for are dropped. */
  setResult(index: number, value: number): void;
}

/** The block at a real address, or undefined when it does not lie in RAM or its counts cannot be. */
export function rtasBlock(ram: Ram, address: bigint): RtasBlock | undefined {
  const base = Number(address);
  const cell = (index: number) => ram.readU32(base + index * CELL, 'big');
  if (!ram.holds(base, HEADER_CELLS * CELL)) return undefined;
  const [token, argumentCount, resultCount] = [cell(0), cell(1), cell(2)];
  const cells = argumentCount + resultCount;
  if (cells > MAX_CELLS || !ram.holds(base, (HEADER_CELLS + cells) * CELL)) return undefined;
  return {
    token,
    argumentCount,
    resultCount,
    argument: (index) => (index < argumentCount ? cell(HEADER_CELLS + index) : 0),
    setResult(index, value) {
      if (index < resultCount) ram.writeU32(base + (HEADER_CELLS + argumentCount + index) * CELL, value >>> 0, 'big');
    },
  };
}
