import { add, type I32, type I64, i32, shl } from '../ir/expr.ts';
import type { RegisterName } from '../state.ts';
import type { Code } from '../wasm/code.ts';
import type { Func, Variable, WasmModule } from '../wasm/module.ts';
import { touched } from './footprint.ts';
import type { Granules } from './granule.ts';
import { get, read64, set } from './native.ts';
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
    // What a vCPU does reads and writes its own state: noted once, for all of it.
    touched(plan, 'READ', shl(i32(1), get(index))),
    touched(plan, 'WRITE', shl(i32(1), get(index))),
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

/** Address of a register of the vCPU whose register file is at `base`. */
export function addressOf(base: I32, name: RegisterName): I32 {
  return add(base, registerOffset(name));
}
