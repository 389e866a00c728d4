import { CONTROL } from '@checkstop/kernel';
import {
  add,
  and,
  eqz,
  geU,
  gtU,
  type I32,
  i32,
  i64,
  low32,
  ltS,
  mul,
  ne,
  or,
  rotl,
  select,
  shl,
  shr,
  sub,
  wrap,
  zeroExtend,
} from '../ir/expr.ts';
import { ROWS } from '../isa/table.ts';
import { MSR, VECTOR } from '../state.ts';
import { block, br, brIf, type Code, Label, loop, when } from '../wasm/code.ts';
import type { Func, WasmModule } from '../wasm/module.ts';
import { logReserve } from './granule.ts';
import { INSTRUCTION_PARAMS, INSTRUCTION_RESULTS, illegalInstruction, instruction, type Parts } from './instruction.ts';
import { call, code, get, read32, read64, result, set, write32 } from './native.ts';
import { DECODE_CACHE_ENTRIES, pageOf, registerOffset, WATCH } from './plan.ts';
import { addressOf } from './registers.ts';
import { PROTECTED, REAL, watchByte } from './storage.ts';

/** Bits of the result of `run` that count steps; the exit's number is above them. */
export const STEP_BITS = 24;

/**
 * Adds `run(base, agent, budget)`: executes at most `budget` instructions of one vCPU.
 *
 * Returns the steps taken and the number of the exit. A step is an instruction executed or an interrupt taken instead.
 * In the logged build the loop also ends when the undo log might not hold another instruction.
 */
export function instructionLoop(module: WasmModule, parts: Parts): Func {
  const { plan, granules, current, host, storage, enter } = parts;
  module.table([...ROWS.map((each) => instruction(module, parts, each)), illegalInstruction(module, parts)]);
  const execute = module.callTable(INSTRUCTION_PARAMS, INSTRUCTION_RESULTS);

  return module.function(['i32', 'i32', 'i32'], ['i32'], ([base, agent, budget], local) => {
    const [next, leave] = [new Label(), new Label()];
    const [steps, offset, word, entry, row] = [local('i32'), local('i32'), local('i32'), local('i32'), local('i32')];
    const [cia, nip] = [local('i64'), local('i64')];
    const msr = read64(8, get(base), registerOffset('msr'));
    const storedNip = read64(8, get(base), registerOffset('nip'));
    // In 32-bit mode addresses are computed modulo 2^32 (Book I, 2.4).
    const truncated = select(ltS(msr, 0), get(nip), low32(get(nip)));

    const fetch: Code = [
      when(code(gtU(and(get(cia), REAL), zeroExtend(sub(plan.at.ramSize, 4)))), [
        enter(i32(VECTOR.instructionStorage), get(cia), i64(PROTECTED)),
        set(nip, storedNip),
        br(next),
      ]),
      set(offset, wrap(and(get(cia), REAL))),
      storage.touch(pageOf(get(offset))),
      when(code(and(watchByte(plan, pageOf(get(offset))), WATCH.fetch)), [
        granules.put(addressOf(get(base), 'nip'), get(cia)),
        call(host.watched, get(agent), i32(WATCH.fetch), get(offset), i32(4)),
      ]),
      set(word, read32(4, add(plan.at.ram, get(offset)))),
      when(code(eqz(wrap(and(msr, MSR.LE)))), set(word, byteReversed(get(word)))),
    ];

    const decode: Code = [
      set(
        entry,
        add(plan.at.decodeCache, shl(shr(mul(get(word), 0x9e37_79b1), 32 - Math.log2(DECODE_CACHE_ENTRIES)), 3)),
      ),
      set(row, read32(4, get(entry), 4)),
      when(code(or(ne(read32(4, get(entry)), get(word)), eqz(get(row)))), [
        set(row, add(result('i32', host.decode, get(word)), 1)),
        write32(get(entry), get(word)),
        write32(get(entry), get(row), 4),
      ]),
    ];

    return [
      call(current.select, get(base), get(agent)),
      set(current.exit, i32(0)),
      set(nip, and(storedNip, ~3)), // what the guest does keeps it a multiple of four
      block(
        leave,
        loop(
          next,
          set(cia, truncated),
          set(nip, get(cia)),
          brIf(leave, code(or(geU(get(steps), get(budget)), get(current.exit)))),
          plan.logged ? brIf(leave, code(logMayOverflow(plan.agents))) : [],
          set(steps, add(get(steps), 1)),
          fetch,
          decode,
          [get(base), get(word), get(cia), sub(get(row), 1)].map(code),
          [execute, nip.set],
          br(next),
        ),
      ),
      granules.put(addressOf(get(base), 'nip'), get(nip)),
      code(or(get(steps), shl(get(current.exit), STEP_BITS))),
    ];
  });
}

function logMayOverflow(agents: number): I32 {
  return gtU(add(read32(4, i32(0), CONTROL.LOG_TOP), logReserve(agents)), read32(4, i32(0), CONTROL.LOG_LIMIT));
}

function byteReversed(word: I32): I32 {
  return or(rotl(and(word, 0x00ff_00ff), 24), rotl(and(word, 0xff00_ff00), 8));
}
