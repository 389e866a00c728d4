/**
 * A ppc64 processor: one instruction table, and what comes from it.
 *
 * @packageDocumentation
 */
export { type Assembled, type AssembledLine, type AssembleOptions, assemble } from './asm/assemble.ts';
export { AsmSource, asm } from './asm/template.ts';
export { type DisassembleOptions, disassemble } from './disasm/disassemble.ts';
