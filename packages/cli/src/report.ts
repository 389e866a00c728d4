import type { Result, Verdict } from '@checkstop/explorer';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Colors } from './io.ts';
import { count } from './progress.ts';
import type { CellRun } from './run-cell.ts';

/** The exit code of verdicts: the worst counts, a violation before an incomplete search. */
export function exitCodeOf(verdicts: readonly Verdict[]): ExitCode {
  if (verdicts.includes('violated') || verdicts.includes('vacuous')) return EXIT.violated;
  return verdicts.includes('incomplete') ? EXIT.incomplete : EXIT.holds;
}

const COLOR = { holds: 'green', violated: 'red', vacuous: 'yellow', incomplete: 'yellow' } as const;

/** A verdict in its colour, followed by what is violated. */
export function verdictText({ verdict, violations, goals }: Result, colors: Colors): string {
  const why =
    verdict === 'violated'
      ? ` ${violations.map(({ property }) => property).join(', ')}`
      : verdict === 'vacuous'
        ? ` ${goals.missing.length} goals never reached`
        : '';
  return colors[COLOR[verdict]](verdict) + why;
}

/** States, transitions and time of a cell. */
export const effortText = ({ result, seconds }: CellRun): string =>
  `${count(result.states)} states, ${count(result.transitions)} transitions, ${seconds.toFixed(2)} s`;
