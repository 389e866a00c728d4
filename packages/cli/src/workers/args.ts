import { wholeNumber } from '../numbers.ts';

/** Most threads that one may ask for. */
const MOST = 64;

/** The option that says how many cells or mutants are searched at a time. */
export const workersArg = {
  workers: {
    type: 'string',
    default: '1',
    valueHint: 'n',
    description:
      'Cells, or mutants, to be searched at a time, on threads of their own; results are the same for any number',
  },
} as const;

/** @throws CheckstopError CLI_BAD_ARGUMENT */
export const workersOf = ({ workers }: { readonly workers: string }): number =>
  wholeNumber('workers', workers, 1, MOST);
