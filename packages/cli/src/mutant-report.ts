import { counted } from '@checkstop/report';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Colors } from './io.ts';
import type { MutantOutcome } from './mutants.ts';
import type { CellRun } from './run-cell.ts';

/** Options of commands that try what holds with deliberate mistakes. */
export const mutantArgs = {
  mutants: {
    type: 'boolean',
    description: 'Try what holds with every deliberate mistake that applies, and name those that a property saw',
  },
  'require-mutants': {
    type: 'boolean',
    description: 'The same, and exit code 1 if one that made a difference was not seen',
  },
} as const;

interface MutantValues {
  readonly mutants: boolean | undefined;
  readonly 'require-mutants': boolean | undefined;
}

/** Whether mutants are asked for. */
export const wantsMutants = (args: MutantValues): boolean => args.mutants === true || requiresMutants(args);

const requiresMutants = (args: MutantValues): boolean => args['require-mutants'] === true;

/** The exit code of cells, where mutants have to be seen if that is required. */
export function exitCodeWithMutants(runs: readonly CellRun[], code: ExitCode, args: MutantValues): ExitCode {
  const outcomes = runs.flatMap(({ mutants }) => mutants ?? []).map(({ outcome }) => outcome);
  if (!requiresMutants(args) || code === EXIT.violated) return code;
  if (outcomes.includes('survived')) return EXIT.violated;
  return outcomes.includes('undecided') ? EXIT.incomplete : code;
}

/** What became of the mutants of a cell, in lines; none where none were tried. */
export function mutantLines({ mutants }: Pick<CellRun, 'mutants'>, colors: Colors): string[] {
  if (!mutants) return [];
  const of = (wanted: MutantOutcome) => mutants.filter(({ outcome }) => outcome === wanted);
  const names = (outcome: MutantOutcome): string =>
    of(outcome)
      .map(({ name }) => name)
      .join(', ');
  const tried = mutants.length - of('idle').length;
  const killed = of('killed').length;
  return [
    `killed ${killed} of ${counted(tried, 'mutant')}${killed > 0 ? `: ${names('killed')}` : ''}`,
    ...of('survived').map(({ name, what }) => `${colors.red('survived')}: ${name} (${what}): no property saw it`),
    ...of('undecided').map(
      ({ name, what }) => `${colors.yellow('undecided')}: ${name} (${what}): its search is not complete`,
    ),
    ...(tried < mutants.length ? [`made no difference here: ${names('idle')}`] : []),
  ];
}
