import { SPRS } from '../isa/sprs.ts';

/** Those that objdump prints by number. */
const NUMBERED = new Set(['usprg3', 'sprg0', 'sprg1', 'sprg2', 'sprg3', 'hsrr0', 'hsrr1', 'heir', 'pir']);

/** `mtlr`, `mfsrr0` and the like: moves to and from special purpose registers by name (Power ISA 3.0B, Book III, C.2). */
function moves(printed: boolean): string[] {
  return SPRS.filter(({ name }) => NUMBERED.has(name) !== printed).flatMap(({ number, name, use }) => [
    ...(use === 'read' ? [] : [`mt${name} RS = mtspr ${number},RS`]),
    ...(use === 'write' ? [] : [`mf${name} RT = mfspr RT,${number}`]),
  ]);
}

/** What a disassembler prints. */
export const PRINTED_SPR_MOVES: readonly string[] = moves(true);
/** What is only written. */
export const WRITTEN_SPR_MOVES: readonly string[] = moves(false);
