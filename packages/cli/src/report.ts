import { DEFAULT_LIMITS, type Limits, type Result } from '@checkstop/explorer';
import { counted, judgementOf, livenessText } from '@checkstop/report';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Colors } from './io.ts';
import { count } from './progress.ts';
import { givenUp } from './reductions.ts';
import type { CellRun } from './run-cell.ts';

/**
 * The exit code of cells: the worst counts, a violation before an incomplete search. Liveness is violated only under the profile of
 * fairness that was demanded, and a mutant that survived only counts where all had to be seen.
 */
export function exitCodeOf(runs: readonly CellRun[]): ExitCode {
  const verdicts = runs.map((run) => judgementOf({ ...run, properties: run.machine.properties }));
  if (verdicts.includes('violated') || verdicts.includes('vacuous')) return EXIT.violated;
  return verdicts.includes('incomplete') ? EXIT.incomplete : EXIT.holds;
}

const COLOR = { holds: 'green', violated: 'red', vacuous: 'yellow', incomplete: 'yellow' } as const;

/**
 * A verdict in its colour, followed by what is violated or missing, by why the search is not complete, and by what was found out about
 * liveness; where that was not asked for, what holds is safety.
 */
export function verdictText(
  { result, machine, fifoLocks }: Pick<CellRun, 'result' | 'machine' | 'fifoLocks'>,
  colors: Colors,
): string {
  const { verdict, violations, goals, lassos, livenessComplete } = result;
  const { properties } = machine;
  const why =
    verdict === 'violated'
      ? ` ${violations.map(({ property }) => property).join(', ')}`
      : verdict === 'vacuous'
        ? ` ${counted(goals.missing.length, 'goal')} never reached`
        : verdict === 'holds' && !lassos
          ? ' (safety)'
          : '';
  const ended = endedBy(result);
  const cut = ended === undefined ? '' : ` (${verdict === 'incomplete' ? '' : 'incomplete: '}${CUT[ended]})`;
  const liveness = livenessText({ result, properties, ...(fifoLocks && { fifoLocks }) });
  const late = ended === undefined && livenessComplete === false ? ` (${CUT[result.limit ?? 'interrupted']})` : '';
  return colors[COLOR[verdict]](verdict) + why + cut + (liveness && `; ${liveness}${late}`);
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
  const { complete, livenessComplete, limit } = result;
  if (complete && livenessComplete !== false) return undefined;
  const ended = limit ?? 'interrupted';
  const when = complete ? ' before it decided liveness' : hasStarted(result) ? '' : ' before it began';
  if (ended === 'interrupted') return `The search was interrupted${when}.`;
  const { states, bytes, executions, milliseconds } = { ...DEFAULT_LIMITS, ...limits };
  const met: Readonly<Record<keyof Limits, string>> = {
    states: `${counted(states, 'state')}; --max-states raises it`,
    bytes: `${count(bytes / 2 ** 20)} MiB of search tables; --max-memory raises it`,
    executions: `${count(executions)} executed steps; --max-executions raises it`,
    milliseconds: `${count(milliseconds / 1000)} s; --max-seconds raises it`,
  };
  const what = complete ? 'Liveness is not decided: the search' : 'The search is not complete: it';
  return `${what} met the limit of ${met[ended]}.`;
}

/** States and transitions of a search, and the reductions that it did without although they were asked for. */
export function searchedText({ result, mode, machine }: Pick<CellRun, 'result' | 'mode' | 'machine'>): string {
  if (!hasStarted(result)) return 'not started';
  const without = givenUp(mode, machine, result);
  const searched = `${counted(result.states, 'state')}, ${counted(result.transitions, 'transition')}`;
  return without.length === 0 ? searched : `${searched}, without ${without.join(' and ')}`;
}

/** States, transitions and time of a cell. */
export const effortText = (run: CellRun): string =>
  `${searchedText(run)}${hasStarted(run.result) ? `, ${run.seconds.toFixed(2)} s` : ''}`;
