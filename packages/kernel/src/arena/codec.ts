import { CheckstopError } from '../error.ts';
import type { Arena } from './arena.ts';
import type { FieldType } from './descriptor.ts';

/** How values of one field type lie in a granule; `cell` is the index of the granule's low 32-bit half in the arena. */
export interface Codec {
  read(cell: number): unknown;
  /** @throws CheckstopError STATE_BAD_VALUE */
  write(cell: number, value: unknown, ghost: boolean, bit: number): void;
}

/** The codec of a field; `name` is for what it throws. */
export function codecOf(arena: Arena, type: FieldType<unknown>, name: string): Codec {
  const { u32, u64 } = arena;
  const bad = (value: unknown, expected: string): CheckstopError =>
    new CheckstopError('STATE_BAD_VALUE', `${name} = ${String(value)}: expected ${expected}.`, { name, value });
  switch (type.kind) {
    case 'agents':
      return {
        read: (cell) => u32[cell],
        write: (cell, value, ghost, bit) => {
          const set = value as number;
          if (set >>> 0 !== set || set >>> arena.layout.agents !== 0)
            throw bad(value, `a set of agents below ${arena.layout.agents}, one bit each`);
          arena.writeGranule(cell * 4, set, 0, ghost, bit);
        },
      };
    case 'number':
      return {
        read: (cell) => u32[cell],
        write: (cell, value, ghost, bit) => {
          const number = value as number;
          if (number >>> 0 !== number) throw bad(value, 'an unsigned 32-bit number');
          arena.writeGranule(cell * 4, number, 0, ghost, bit);
        },
      };
    case 'agent':
      return {
        read: (cell) => u32[cell] - 1,
        write: (cell, value, ghost, bit) => {
          const agent = value as number;
          if (!Number.isInteger(agent) || agent < -1 || agent >= arena.layout.agents)
            throw bad(value, `an agent below ${arena.layout.agents}, or -1`);
          arena.writeGranule(cell * 4, agent + 1, 0, ghost, bit);
        },
      };
    case 'boolean':
      return {
        read: (cell) => u32[cell] !== 0,
        write: (cell, value, ghost, bit) => arena.writeGranule(cell * 4, value ? 1 : 0, 0, ghost, bit),
      };
    case 'enum': {
      const labels = type.labels ?? [];
      return {
        read: (cell) => labels[u32[cell]],
        write: (cell, value, ghost, bit) => {
          const index = labels.indexOf(value as string);
          if (index < 0) throw bad(value, `one of ${labels.join(', ')}`);
          arena.writeGranule(cell * 4, index, 0, ghost, bit);
        },
      };
    }
    case 'bigint': {
      // Splitting through a typed array wraps to 64 bits as registers do, and makes no intermediate bigints.
      const whole = new BigUint64Array(1);
      const halves = new Int32Array(whole.buffer);
      return {
        read: (cell) => u64[cell >>> 1],
        write: (cell, value, ghost, bit) => {
          if (typeof value !== 'bigint') throw bad(value, 'a bigint');
          whole[0] = value;
          arena.writeGranule(cell * 4, halves[0], halves[1], ghost, bit);
        },
      };
    }
  }
}
