import { WasmModule } from '../wasm/module.ts';
import { granules } from './granule.ts';
import { type Host, hostFunctions } from './host.ts';
import { interruptEntry } from './interrupt.ts';
import { instructionLoop } from './loop.ts';
import type { Plan } from './plan.ts';
import { currentVcpu } from './registers.ts';
import { reservations } from './reservation.ts';
import { storage } from './storage.ts';

/** What the interpreter's module exports. */
export interface Interpreter {
  /** See loop.ts: steps taken, and the number of the exit above STEP_BITS. */
  run(base: number, agent: number, budget: number): number;
  /** Enters an interrupt of the vCPU that was selected: vector, SRR0, bits of SRR1. */
  interrupt(vector: number, srr0: bigint, srr1: bigint): void;
  /** Selects a vCPU for {@link interrupt}. */
  select(base: number, agent: number): void;
}

/** The bytes of the interpreter for one plan: the whole instruction table compiled into one loop. */
export function generateInterpreter(plan: Plan): Uint8Array {
  const module = new WasmModule(plan.memoryPages);
  const host = hostFunctions(module);
  const writes = granules(module, plan);
  const current = currentVcpu(module, plan, writes);
  const enter = interruptEntry(module, current, host);
  const memory = storage(module, plan, writes, current, host, enter);
  module.export(
    'run',
    instructionLoop(module, plan, {
      ...{ ram: plan.ram, granules: writes, current, host, enter, storage: memory },
      reservations: reservations(module, plan, writes, current),
    }),
  );
  module.export('select', current.select);
  return module.bytes();
}

/** Compiles and instantiates the interpreter over the arena's memory. */
export function instantiateInterpreter(plan: Plan, memory: WebAssembly.Memory, host: Host): Interpreter {
  const module = new WebAssembly.Module(generateInterpreter(plan));
  const instance = new WebAssembly.Instance(module, { arena: { memory }, host: { ...host } });
  return instance.exports as unknown as Interpreter;
}
