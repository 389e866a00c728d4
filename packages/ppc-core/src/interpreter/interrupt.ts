import { and, type I32, type I64, i64, or, zeroExtend } from '../ir/expr.ts';
import { MSR } from '../state.ts';
import type { Code } from '../wasm/code.ts';
import type { WasmModule } from '../wasm/module.ts';
import type { HostFunctions } from './host.ts';
import { call, get } from './native.ts';
import type { Current } from './registers.ts';

/** Enters an interrupt: vector, SRR0, bits of SRR1 that tell the cause. */
export type EnterInterrupt = (vector: I32, srr0: I64, srr1: I64) => Code;

/**
 * Adds interrupt entry (Power ISA 3.0B, Book III, 6.4.3 and figure 57): SRR0; SRR1 from the MSR without the bits for the
 * cause; then MSR with SF=1, LE=ILE, HV and ME as they were, all else zero; NIP the vector's real address.
 * What is exported tells nobody: whoever enters an interrupt from outside does.
 */
export function interruptEntry(module: WasmModule, current: Current, host: HostFunctions): EnterInterrupt {
  const { reg, setReg } = current;
  const enter = module.function(['i32', 'i64', 'i64'], [], ([vector, srr0, srr1]) => [
    setReg('srr0', get(srr0)),
    setReg('srr1', or(and(reg('msr'), ~MSR.SRR1_CAUSE), get(srr1))),
    setReg('msr', or(or(and(reg('msr'), MSR.HV | MSR.ME), i64(MSR.SF)), reg('ile'))),
    setReg('nip', zeroExtend(get(vector))),
  ]);
  const enterAndTell = module.function(['i32', 'i64', 'i64'], [], ([vector, srr0, srr1]) => [
    call(enter, get(vector), get(srr0), get(srr1)),
    call(host.interrupt, get(current.agent), get(vector)),
  ]);
  module.export('interrupt', enter);
  return (vector, srr0, srr1) => call(enterAndTell, vector, srr0, srr1);
}
