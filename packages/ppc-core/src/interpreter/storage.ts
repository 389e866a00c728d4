import {
  add,
  and,
  eqz,
  gtU,
  type I32,
  type I64,
  i32,
  i64,
  ne,
  or,
  sub,
  swapBytes,
  wrap,
  zeroExtend,
} from '../ir/expr.ts';
import type { Size } from '../ir/statement.ts';
import { MSR, VECTOR } from '../state.ts';
import { type Code, RETURN, when } from '../wasm/code.ts';
import type { Func, WasmModule } from '../wasm/module.ts';
import { toucher } from './footprint.ts';
import type { Granules } from './granule.ts';
import type { HostFunctions } from './host.ts';
import type { EnterInterrupt } from './interrupt.ts';
import { call, code, get, read32, read64, result, set } from './native.ts';
import { type Plan, pageOf, WATCH, WATCH_ENTRIES } from './plan.ts';
import type { Current } from './registers.ts';

/** Access to RAM on behalf of the vCPU that runs. */
export interface Storage {
  /** Notes that a page is read, for the footprint. */
  touch(page: I32): Code;
  /**
   * Where bytes at an effective address are in RAM, or -1 after the storage interrupt that the access ends in. `dar` is the
   * address that the instruction computed.
   */
  locate(kind: 'load' | 'store', size: I32, ea: I64, dar: I64, cia: I64): I32;
  /** What is there, in the byte order of the moment. */
  load(size: Size, offset: I32): I64;
  store(size: Size, offset: I32, value: I64): Code;
}

/** Real addresses have 60 bits; what the effective address has above them is ignored (Book III, 5.7.3). */
export const REAL = 0x0fff_ffff_ffff_ffffn;
/** The access is not permitted (real mode: beyond the limit): in DSISR for data, in SRR1 for a fetch (Book III, 6.5.3 and 6.5.5). */
export const PROTECTED = 0x0800_0000;
/** DSISR: it was a store (Book III, 6.5.3). */
const DSISR_STORE = 0x0200_0000;

/** Adds the functions that access RAM. */
export function storage(
  module: WasmModule,
  plan: Plan,
  granules: Granules,
  current: Current,
  host: HostFunctions,
  enter: EnterInterrupt,
): Storage {
  const touch = { load: toucher(module, plan, current, 'load'), store: toucher(module, plan, current, 'store') };

  const locator = (kind: 'load' | 'store'): Func =>
    module.function(['i32', 'i64', 'i64', 'i64'], ['i32'], ([size, ea, dar, cia], local) => {
      const offset = local('i32');
      const last = local('i32');
      const fault = PROTECTED | (kind === 'store' ? DSISR_STORE : 0);
      const limit = zeroExtend(sub(plan.at.ramSize, get(size)));
      const watched = or(watchByte(plan, pageOf(get(offset))), watchByte(plan, pageOf(get(last))));
      return [
        when(code(gtU(and(get(ea), REAL), limit)), [
          current.setReg('dar', get(dar)),
          current.setReg('dsisr', i64(fault)),
          enter(i32(VECTOR.dataStorage), get(cia), i64(0)),
          code(i32(-1)),
          RETURN,
        ]),
        set(offset, wrap(and(get(ea), REAL))),
        set(last, sub(add(get(offset), get(size)), 1)),
        touch[kind](pageOf(get(offset))),
        when(code(ne(pageOf(get(offset)), pageOf(get(last)))), touch[kind](pageOf(get(last)))),
        when(code(and(watched, WATCH[kind])), [
          current.setReg('nip', get(cia)),
          call(host.watched, get(current.agent), i32(WATCH[kind]), get(offset), get(size)),
        ]),
        code(get(offset)),
      ];
    });
  const locate = { load: locator('load'), store: locator('store') };
  const load = bySize((size) => loader(module, plan, current, size));
  const store = bySize((size) => storer(module, plan, granules, current, size));

  return {
    touch: touch.load,
    locate: (kind, size, ea, dar, cia) => result('i32', locate[kind], size, ea, dar, cia),
    load: (size, offset) => result('i64', load[size], offset),
    store: (size, offset, value) => call(store[size], offset, value),
  };
}

/** Who watches a page, as bits of WATCH: pages far apart share a byte. */
export const watchByte = (plan: Plan, page: I32): I32 => read32(1, add(plan.at.watch, and(page, WATCH_ENTRIES - 1)));

/** A function of the module for each size of access. */
const bySize = <T>(make: (size: Size) => T): Record<Size, T> => ({ 1: make(1), 2: make(2), 4: make(4), 8: make(8) });

function isLittleEndian(current: Current): I32 {
  return wrap(and(current.reg('msr'), MSR.LE));
}

const inOtherOrder = (size: Size, value: I64): I64 => (size === 1 ? value : swapBytes(size, value));

function loader(module: WasmModule, plan: Plan, current: Current, size: Size): Func {
  return module.function(['i32'], ['i64'], ([offset], local) => {
    const value = local('i64');
    return [
      set(value, read64(size, add(plan.at.ram, get(offset)))),
      when(code(eqz(isLittleEndian(current))), set(value, inOtherOrder(size, get(value)))),
      code(get(value)),
    ];
  });
}

function storer(module: WasmModule, plan: Plan, granules: Granules, current: Current, size: Size): Func {
  return module.function(['i32', 'i64'], [], ([offset, value], local) => {
    const address = local('i32');
    return [
      when(code(eqz(isLittleEndian(current))), set(value, inOtherOrder(size, get(value)))),
      set(address, add(plan.at.ram, get(offset))),
      granules.store(size, address, value, local),
    ];
  });
}
