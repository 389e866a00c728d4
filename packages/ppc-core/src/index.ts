/**
 * A ppc64 processor: one instruction table, and what comes from it.
 *
 * @packageDocumentation
 */
export { type Assembled, type AssembledLine, type AssembleOptions, assemble } from './asm/assemble.ts';
export type { AsmErrorCode, Place } from './asm/place.ts';
export { AsmSource, asm } from './asm/template.ts';
export { disassemble } from './disasm/disassemble.ts';
export type { DisassembleOptions } from './disasm/print.ts';
export type { WatchedAccess } from './events.ts';
export { FIELDS, type Field, type FieldKind, type FieldName } from './isa/fields.ts';
export type { Footprint as InstructionFootprint, Operand, Row, VariantBits } from './isa/row.ts';
export { SPRS, type Spr, type SprAccess } from './isa/sprs.ts';
export { decode, ROWS, rowOf } from './isa/table.ts';
export { type Processor, type ProcessorOptions, ppc64 } from './processor.ts';
export { MSR, PROGRAM, type RegisterName, SPECIAL_REGISTERS, VECTOR, type Vector, XER } from './state.ts';
export { type Exit, type RaiseOptions, type RunResult, Vcpu } from './vcpu.ts';
export type { WatchRange } from './watch.ts';
