import { mutantLines as linesOf } from '@checkstop/report';
import type { Colors } from './io.ts';
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

/** Whether to try mutants, and whether those that make a difference have to be seen. */
export const mutantOptions = (
  args: MutantValues,
): { readonly mutants: boolean; readonly mutantsRequired: boolean } => ({
  mutants: args.mutants === true || args['require-mutants'] === true,
  mutantsRequired: args['require-mutants'] === true,
});

/** What became of the mutants of a cell, in lines; none where none were tried. */
export const mutantLines = ({ mutants }: Pick<CellRun, 'mutants'>, colors: Colors): string[] =>
  mutants ? linesOf(mutants, (outcome, text) => colors[outcome === 'survived' ? 'red' : 'yellow'](text)) : [];
