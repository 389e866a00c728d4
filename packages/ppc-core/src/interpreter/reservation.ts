import { PAGE_OWNER, SHARED_BIT } from '@checkstop/kernel';
import {
  add,
  and,
  eq,
  eqz,
  geU,
  type I32,
  type I64,
  i32,
  i64,
  leU,
  ne,
  or,
  shl,
  shr,
  sub,
  zeroExtend,
} from '../ir/expr.ts';
import type { AccessSize } from '../ir/statement.ts';
import { type Code, RETURN, when } from '../wasm/code.ts';
import type { WasmModule } from '../wasm/module.ts';
import { touched } from './footprint.ts';
import type { Granules } from './granule.ts';
import { call, code, get, read32, read64, set } from './native.ts';
import { type Plan, pageOf } from './plan.ts';
import type { Current } from './registers.ts';

/** Bytes of the block of memory that a reservation covers, as on POWER9: its coherence block. */
const RESERVATION_GRANULE = 128;
const BLOCK_SHIFT = Math.log2(RESERVATION_GRANULE);
const ADDRESS_SHIFT = 4;

/**
 * A reservation is one granule of shared state: 0, or the real address times 16, plus twice the logarithm of the access's
 * size, plus 1. A store-conditional to another address or of another size fails, which the ISA leaves open (Book II,
 * 4.6.2).
 */
export function encodeReservation(offset: I32, size: AccessSize): I64 {
  return or(shl(zeroExtend(offset), ADDRESS_SHIFT), BigInt(Math.log2(size) * 2 + 1));
}

/** Whether a write from outside to these bytes of RAM makes the holder of a reservation, as it lies in the arena, lose it. */
export function isLostBy(reservation: bigint, address: number, length: number): boolean {
  if (reservation === 0n) return false;
  const block = Number(reservation >> BigInt(BLOCK_SHIFT + ADDRESS_SHIFT)) * RESERVATION_GRANULE;
  return block < address + length && address < block + RESERVATION_GRANULE;
}

/** The reservation of the vCPU that runs, and the loss of others'. */
export interface Reservations {
  own(): I64;
  setOwn(value: I64): Code;
  /** Bytes from an offset on are stored: other vCPUs lose their reservations of these blocks. */
  lose(offset: I32, size: I32): Code;
}

/** Adds the function that makes other vCPUs lose their reservations. */
export function reservations(module: WasmModule, plan: Plan, granules: Granules, current: Current): Reservations {
  const touch = (how: 'READ' | 'WRITE'): Code => touched(plan, how, i32(SHARED_BIT));
  const own = (): I32 => add(plan.at.reservations, shl(get(current.agent), 3));
  const lose = module.function(['i32', 'i32'], [], ([offset, size], local) => {
    const held = local('i64');
    const last = add(get(offset), sub(get(size), 1));
    const isShared = (at: I32): I32 => eq(read32(1, add(plan.at.pageOwners, pageOf(at))), PAGE_OWNER.SHARED);
    const blockOf = (at: I32): I64 => zeroExtend(shr(at, BLOCK_SHIFT));
    const block = shr(get(held), BLOCK_SHIFT + ADDRESS_SHIFT);
    const covers = and(geU(block, blockOf(get(offset))), leU(block, blockOf(last)));
    const loseOf = (agent: number): Code => [
      set(held, read64(8, plan.at.reservations, agent * 8)),
      when(code(and(ne(get(held), 0), and(covers, ne(get(current.agent), agent)))), [
        touch('WRITE'),
        granules.put(add(plan.at.reservations, agent * 8), i64(0)),
      ]),
    ];
    return [
      // Nobody can hold a reservation of a page that is not shared but its owner.
      plan.logged ? when(code(eqz(or(isShared(get(offset)), isShared(last)))), RETURN) : [],
      touch('READ'),
      Array.from({ length: plan.agents }, (_, agent) => loseOf(agent)),
    ];
  });
  return {
    own: () => read64(8, own()),
    setOwn: (value) => [touch('READ'), touch('WRITE'), granules.put(own(), value)],
    lose: (offset, size) => (plan.agents === 1 ? [] : call(lose, offset, size)),
  };
}
