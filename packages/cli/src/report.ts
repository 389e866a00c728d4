import { DEFAULT_LIMITS, type Limits, type Result, type Verdict } from '@checkstop/explorer';
import { counted } from '@checkstop/report';
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

/** A verdict in its colour, followed by what is violated or missing, and by why the search is not complete. */
export function verdictText(result: Result, colors: Colors): string {
  const { verdict, violations, goals } = result;
  const why =
    verdict === 'violated'
      ? ` ${violations.map(({ property }) => property).join(', ')}`
      : verdict === 'vacuous'
        ? ` ${counted(goals.missing.length, 'goal')} never reached`
        : '';
  const ended = endedBy(result);
  const cut = ended === undefined ? '' : ` (${verdict === 'incomplete' ? '' : 'incomplete: '}${CUT[ended]})`;
  return colors[COLOR[verdict]](verdict) + why + cut;
}

/** What ended a search that is not complete. */
export type EndedBy = keyof Limits | 'interrupted';

/** What ended the search before it was complete; undefined when it is. */
export const endedBy = ({ complete, limit }: Result): EndedBy | undefined =>
  complete ? undefined : (limit ?? 'interrupted');

/** Whether the search got as far as one step; until then all its figures say nothing. */
export const hasStarted = ({ complete, transitions }: Pick<Result, 'complete' | 'transitions'>): boolean =>
  complete || transitions > 0;

const CUT: Readonly<Record<EndedBy, string>> = {
  states: 'limit of states',
  bytes: 'limit of memory',
  executions: 'limit of executed steps',
  milliseconds: 'limit of time',
  interrupted: 'interrupted',
};

/** For a search that is not complete, a sentence: what ended it, and what to do. */
export function incompleteText({ result, limits }: Pick<CellRun, 'result' | 'limits'>): string | undefined {
  const ended = endedBy(result);
  if (ended === undefined) return undefined;
  if (ended === 'interrupted') return `The search was interrupted${hasStarted(result) ? '' : ' before it began'}.`;
  const { states, bytes, executions, milliseconds } = { ...DEFAULT_LIMITS, ...limits };
  const met: Readonly<Record<keyof Limits, string>> = {
    states: `${counted(states, 'state')}; --max-states raises it`,
    bytes: `${count(bytes / 2 ** 20)} MiB of search tables; --max-memory raises it`,
    executions: `${count(executions)} executed steps; --max-executions raises it`,
    milliseconds: `${count(milliseconds / 1000)} s; --max-seconds raises it`,
  };
  return `The search is not complete: it met the limit of ${met[ended]}.`;
}

/** States, transitions and time of a cell. */
export const effortText = ({ result, seconds }: CellRun): string =>
  hasStarted(result)
    ? `${counted(result.states, 'state')}, ${counted(result.transitions, 'transition')}, ${seconds.toFixed(2)} s`
    : 'not started';
