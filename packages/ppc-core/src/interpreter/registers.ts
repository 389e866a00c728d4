import { CONTROL } from '@checkstop/kernel';
import { add, type I32, type I64, i32, or, shl } from '../ir/expr.ts';
import type { RegisterName } from '../state.ts';
import type { Code } from '../wasm/code.ts';
import type { Func, Variable, WasmModule } from '../wasm/module.ts';
import type { Granules } from './granule.ts';
import { get, read32, read64, set, write32 } from './native.ts';
import { type Plan, registerOffset } from './plan.ts';

/** The vCPU that runs, as the functions beside the instruction loop see it. */
export interface Current {
  /** Address of its register file. */
  readonly base: Variable<'i32'>;
  /** Its index. */
  readonly agent: Variable<'i32'>;
  /** Number of the exit that ends the run; zero if none does. */
  readonly exit: Variable<'i32'>;
  /** Function that makes another vCPU the current one: register file, index. */
  readonly select: Func;
  reg(name: RegisterName): I64;
  setReg(name: RegisterName, value: I64): Code;
}

/** Adds the globals that say which vCPU runs. */
export function currentVcpu(module: WasmModule, plan: Plan, granules: Granules): Current {
  const base = module.global('i32');
  const agent = module.global('i32');
  const select = module.function(['i32', 'i32'], [], ([file, index]) => [
    set(base, get(file)),
    set(agent, get(index)),
    plan.logged ? touchOwn(get(index)) : [],
  ]);
  return {
    base,
    agent,
    exit: module.global('i32'),
    select,
    reg: (name) => read64(8, get(base), registerOffset(name)),
    setReg: (name, value) => granules.put(addressOf(get(base), name), value),
  };
}

/** What a vCPU does reads and writes its own state: noted once, for all of it. */
function touchOwn(agent: I32): Code {
  return [CONTROL.TOUCHED_READ, CONTROL.TOUCHED_WRITE].map((cell) =>
    write32(i32(0), or(read32(4, i32(0), cell), shl(i32(1), agent)), cell),
  );
}

/** Address of a register of the vCPU whose register file is at `base`. */
export function addressOf(base: I32, name: RegisterName): I32 {
  return add(base, registerOffset(name));
}
