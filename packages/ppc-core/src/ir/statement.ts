import type { RegisterName, Vector } from '../state.ts';
import type { Expr, I32, I64, Local } from './expr.ts';

/** Bytes that one register holds of an access. */
export type Size = 1 | 2 | 4 | 8;

/** Bytes that one access moves: a quadword is moved as two doublewords, the one at the lower address first. */
export type AccessSize = Size | 16;

/** A register: by name, or a general purpose register by its number. */
export type RegisterRef = RegisterName | { readonly gpr: I32 };

/**
 * Why a vCPU hands over to whoever runs it.
 *
 * - `hcall`: `sc 1`
 * - `emulationAssist`: an illegal word, in HEIR
 * - `attn`: the service processor is called
 */
export type Exit = 'hcall' | 'emulationAssist' | 'attn';

/** One thing that an instruction does. */
export type Statement =
  | { readonly op: 'set'; readonly local: Local; readonly value: Expr }
  | { readonly op: 'if'; readonly condition: I32; readonly yes: Block; readonly no: Block }
  /** Runs the statements until `again` is zero after them. */
  | { readonly op: 'loop'; readonly statements: Block; readonly again: I32 }
  | { readonly op: 'readRegister'; readonly register: RegisterRef; readonly into: Local }
  | { readonly op: 'writeRegister'; readonly register: RegisterRef; readonly value: I64 }
  | {
      readonly op: 'load' | 'loadReserve';
      readonly size: AccessSize;
      readonly address: I64;
      readonly into: readonly Local[];
    }
  | { readonly op: 'store'; readonly size: AccessSize; readonly address: I64; readonly values: readonly I64[] }
  | {
      readonly op: 'storeConditional';
      readonly size: AccessSize;
      readonly address: I64;
      readonly values: readonly I64[];
      readonly into: Local;
    }
  | { readonly op: 'zeroBlock'; readonly address: I64 }
  | { readonly op: 'branch'; readonly target: I64 }
  /** The next two end the instruction. */
  | { readonly op: 'interrupt'; readonly vector: Vector; readonly srr0: I64; readonly srr1: number }
  | { readonly op: 'exit'; readonly exit: Exit }
  | { readonly op: 'interruptReturn' }
  | { readonly op: 'slbInvalidated' };

/** Statements in order. */
export type Block = readonly Statement[];
