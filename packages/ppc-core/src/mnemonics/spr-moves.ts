import { SPRS } from '../isa/sprs.ts';

/** Those that objdump prints by number, and the time base, which has an instruction of its own. */
const NUMBERED = new Set(['tb', 'usprg3', 'sprg0', 'sprg1', 'sprg2', 'sprg3', 'hsrr0', 'hsrr1', 'heir', 'pir']);

/** `mtlr`, `mfsrr0` and the like: moves to and from special purpose registers by name (Power ISA 3.0B, Book III, C.2). */
function moves(printed: boolean): string[] {
  return SPRS.filter(({ name }) => NUMBERED.has(name) !== printed).flatMap(({ number, name, use }) => [
    ...(use === 'read' ? [] : [`mt${name} RS = mtspr ${number},RS`]),
    ...(use === 'write' ? [] : [`mf${name} RT = mfspr RT,${number}`]),
  ]);
}

export const PRINTED_SPR_MOVES: readonly string[] = moves(true);
export const WRITTEN_SPR_MOVES: readonly string[] = moves(false).filter((line) => !line.startsWith('mftb '));
