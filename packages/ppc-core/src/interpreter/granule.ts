import { CONTROL, LANE_A, LANE_B, LOG_ENTRY } from '@checkstop/kernel';
import { add, and, eq, eqz, type I32, type I64, i32, mul, ne, shr, wrap, xor } from '../ir/expr.ts';
import type { Size } from '../ir/statement.ts';
import { type Code, RETURN, when } from '../wasm/code.ts';
import type { Func, NewLocal, Variable, WasmModule } from '../wasm/module.ts';
import { call, code, get, read32, read64, result, set, write32, write64 } from './native.ts';
import type { Plan } from './plan.ts';

/** Writing granules, the kernel's protocol: log the old value, fold the change into the hash. Plainly, just writing. */
export interface Granules {
  /** Sets a granule of architectural state. */
  put(address: I32, value: I64): Code;
  /** Sets the low bytes of a value at any address of RAM; the bytes may lie in two granules. */
  store(size: Size, address: Variable<'i32'>, value: Variable<'i64'>, local: NewLocal): Code;
}

/**
 * Bytes of log that the longest instruction may need: stswx, with every other of its 31 words in two granules and three
 * bytes more, the interrupt that ends it, and each other vCPU's reservation.
 */
export const logReserve = (agents: number): number => (64 + agents) * LOG_ENTRY;

const ZERO = i32(0);

/** Adds the functions that write granules. */
export function granules(module: WasmModule, plan: Plan): Granules {
  if (!plan.logged) {
    return {
      put: (address, value) => write64(8, address, value),
      store: (size, address, value) => write64(size, get(address), get(value)),
    };
  }
  const mixA = mixer(module, LANE_A);
  const mixB = mixer(module, LANE_B);

  /** Notes that the granule at an address had another value before. */
  const changed = module.function(['i32', 'i64'], [], ([address, old], local) => {
    const now = local('i64');
    const top = local('i32');
    const fold = (mix: Func, lane: number): Code =>
      write32(
        ZERO,
        xor(
          read32(4, ZERO, lane),
          xor(result('i32', mix, get(address), get(old)), result('i32', mix, get(address), get(now))),
        ),
        lane,
      );
    return [
      set(now, read64(8, get(address))),
      when(code(eq(get(now), get(old))), RETURN),
      set(top, read32(4, ZERO, CONTROL.LOG_TOP)),
      write32(get(top), get(address)),
      write32(get(top), ZERO, 4),
      write64(8, get(top), get(old), 8),
      write32(ZERO, add(get(top), LOG_ENTRY), CONTROL.LOG_TOP),
      fold(mixA, CONTROL.HASH_A),
      fold(mixB, CONTROL.HASH_B),
    ];
  });

  const put = module.function(['i32', 'i64'], [], ([address, value], local) => {
    const old = local('i64');
    return [
      set(old, read64(8, get(address))),
      write64(8, get(address), get(value)),
      call(changed, get(address), get(old)),
    ];
  });

  return {
    put: (address, value) => call(put, address, value),
    store: (size, address, value, local) => {
      const granule = (at: I32): I32 => and(at, ~7);
      const first = granule(get(address));
      const last = granule(add(get(address), size - 1));
      const [oldFirst, oldLast] = [local('i64'), local('i64')];
      return [
        set(oldFirst, read64(8, first)),
        set(oldLast, read64(8, last)),
        write64(size, get(address), get(value)),
        call(changed, first, get(oldFirst)),
        when(code(ne(first, last)), call(changed, last, get(oldLast))),
      ];
    },
  };
}

/** What a granule contributes to one lane of the hash: the kernel's arena/hash.ts, for a value in one piece. */
function mixer(module: WasmModule, [k1, k2, k3]: readonly [number, number, number]): Func {
  return module.function(['i32', 'i64'], ['i32'], ([address, value], local) => {
    const x = local('i32');
    const low = wrap(get(value));
    const high = wrap(shr(get(value), 32));
    return [
      when(code(eqz(get(value))), [code(ZERO), RETURN]),
      set(x, mul(xor(low, mul(get(address), k1)), k2)),
      set(x, xor(get(x), shr(get(x), 15))),
      set(x, mul(xor(xor(get(x), high), shr(get(address), 3)), k3)),
      set(x, xor(get(x), shr(get(x), 13))),
      set(x, mul(get(x), k1)),
      code(xor(get(x), shr(get(x), 16))),
    ];
  });
}
