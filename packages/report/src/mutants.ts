import { counted } from './counted.ts';

/**
 * What became of a mutant: some property saw it (`killed`), or none did although it made a difference (`survived`), or it never made
 * one (`idle`: delivery does not go where the mistake is), or the search met a limit (`undecided`).
 */
export type MutantOutcome = 'killed' | 'survived' | 'idle' | 'undecided';

/** A deliberate mistake that a cell was tried with, and what became of it. */
export interface TriedMutant {
  readonly name: string;
  /** The mistake in words. */
  readonly what: string;
  readonly outcome: MutantOutcome;
  /** The property that saw it; none where goals that were never reached did. */
  readonly property?: string;
  /** Runs again how it was seen. */
  readonly token?: string;
}

/** The mutants of a cell by what became of them. */
export const withOutcome = (mutants: readonly TriedMutant[], wanted: MutantOutcome): TriedMutant[] =>
  mutants.filter(({ outcome }) => outcome === wanted);

/** Names in one line. */
export const namesOf = (named: readonly { readonly name: string }[]): string =>
  named.map(({ name }) => name).join(', ');

/**
 * What became of the mutants of a cell, in lines: who was killed, then one for each that was not, then who made no difference.
 * `paint` may colour the word that says what is wrong.
 */
export function mutantLines(
  mutants: readonly TriedMutant[],
  paint: (outcome: 'survived' | 'undecided', text: string) => string = (_, text) => text,
): string[] {
  const of = (outcome: MutantOutcome) => withOutcome(mutants, outcome);
  const [killed, idle] = [of('killed'), of('idle')];
  const line = (outcome: 'survived' | 'undecided', why: string): string[] =>
    of(outcome).map(({ name, what }) => `${paint(outcome, outcome)}: ${name} (${what}): ${why}`);
  return [
    `killed ${killed.length} of ${counted(mutants.length - idle.length, 'mutant')}${killed.length > 0 ? `: ${namesOf(killed)}` : ''}`,
    ...line('survived', 'no property saw it'),
    ...line('undecided', 'its search is not complete'),
    ...(idle.length > 0 ? [`made no difference here: ${namesOf(idle)}`] : []),
  ];
}
