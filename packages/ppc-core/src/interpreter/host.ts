import type { Func, WasmModule } from '../wasm/module.ts';

/** What generated code calls for: all of it rare. */
export interface Host {
  /** Index of the row that a word encodes, or the number of rows if it is illegal. */
  decode(word: number): number;
  /** An access to a watched page: which of WATCH, where, how many bytes. */
  watched(agent: number, kind: number, offset: number, size: number): void;
  /** The vCPU entered an interrupt. */
  interrupt(agent: number, vector: number): void;
  /** The vCPU returned from an interrupt. */
  interruptReturn(agent: number): void;
  /** The vCPU threw away its SLB. */
  slbInvalidated(agent: number): void;
}

/** The same as functions of the module. */
export type HostFunctions = { readonly [K in keyof Host]: Func };

/** Declares the imports. */
export function hostFunctions(module: WasmModule): HostFunctions {
  return {
    decode: module.import('decode', ['i32'], ['i32']),
    watched: module.import('watched', ['i32', 'i32', 'i32', 'i32']),
    interrupt: module.import('interrupt', ['i32', 'i32']),
    interruptReturn: module.import('interruptReturn', ['i32']),
    slbInvalidated: module.import('slbInvalidated', ['i32']),
  };
}
