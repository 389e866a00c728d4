import { CONTROL, PAGE_OWNER, SHARED_BIT } from '@checkstop/kernel';
import { add, eq, eqz, type I32, i32, or, shl } from '../ir/expr.ts';
import { type Code, RETURN, when } from '../wasm/code.ts';
import type { WasmModule } from '../wasm/module.ts';
import { call, code, get, read32, set, write32 } from './native.ts';
import type { Plan } from './plan.ts';
import type { Current } from './registers.ts';

const ZERO = i32(0);

/** Adds bits to one of the masks of owners touched, which the logged build keeps. */
export function touched(plan: Plan, how: 'READ' | 'WRITE', bits: I32): Code {
  const cell = CONTROL[`TOUCHED_${how}`];
  return plan.logged ? write32(ZERO, or(read32(4, ZERO, cell), bits), cell) : [];
}

/** Notes the touch of a page against its owner, as the kernel's arena does. Reading constant pages is nobody's business. */
export function toucher(module: WasmModule, plan: Plan, current: Current, kind: 'load' | 'store'): (page: I32) => Code {
  if (!plan.logged) return () => [];
  const how = kind === 'load' ? 'READ' : 'WRITE';
  const touch = module.function(['i32'], [], ([page], local) => {
    const owner = local('i32');
    const conflict = when(
      code(eqz(read32(4, ZERO, CONTROL.CONFLICT))),
      write32(ZERO, add(get(page), 1), CONTROL.CONFLICT),
    );
    return [
      set(owner, read32(1, add(plan.at.pageOwners, get(page)))),
      kind === 'load' ? when(code(eqz(get(owner))), RETURN) : [],
      when(
        code(eq(get(owner), PAGE_OWNER.SHARED)),
        touched(plan, how, i32(SHARED_BIT)),
        when(
          code(eq(get(owner), add(get(current.agent), 1))),
          touched(plan, how, shl(i32(1), get(current.agent))),
          conflict,
        ),
      ),
    ];
  });
  return (page) => call(touch, page);
}
