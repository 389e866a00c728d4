import { WasmModule } from '../wasm/module.ts';
import { granules } from './granule.ts';
import { type Host, hostFunctions } from './host.ts';
import type { Parts } from './instruction.ts';
import { interruptEntry } from './interrupt.ts';
import { instructionLoop } from './loop.ts';
import { type Addresses, planFor } from './plan.ts';
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

/** Adds to a module what instructions are made of, and the imports and exports that go with it. */
export function interpreterParts(module: WasmModule, logged: boolean, agents: number): Parts {
  const host = hostFunctions(module);
  const plan = planFor(module, logged, agents);
  const writes = granules(module, plan);
  const current = currentVcpu(module, plan, writes);
  const enter = interruptEntry(module, current, host);
  const memory = storage(module, plan, writes, current, host, enter);
  const held = reservations(module, plan, writes, current);
  module.export('select', current.select);
  return { plan, granules: writes, current, host, enter, storage: memory, reservations: held };
}

/** The bytes of the interpreter: a function for each row of the instruction table, and a loop that calls them. */
function generateInterpreter(logged: boolean, agents: number): Uint8Array {
  const module = new WasmModule();
  module.export('run', instructionLoop(module, interpreterParts(module, logged, agents)));
  return module.bytes();
}

/** Modules compiled so far, by what went into them: addresses do not, so machines of one kind share theirs. */
const compiled = new Map<string, WebAssembly.Module>();

/** The interpreter over an arena's memory. */
export function instantiateInterpreter(
  build: { readonly logged: boolean; readonly agents: number },
  memory: WebAssembly.Memory,
  addresses: Addresses,
  host: Host,
): Interpreter {
  const key = `${build.logged} ${build.agents}`;
  const module = compiled.get(key) ?? new WebAssembly.Module(generateInterpreter(build.logged, build.agents));
  compiled.set(key, module);
  const instance = new WebAssembly.Instance(module, { arena: { memory, ...addresses }, host: { ...host } });
  return instance.exports as unknown as Interpreter;
}
