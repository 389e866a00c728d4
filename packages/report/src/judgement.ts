import type { Limits, Verdict } from '@checkstop/explorer';
import { demanded, fairnessText } from './liveness.ts';
import { namesOf, withOutcome } from './mutants.ts';
import type { ReportCell } from './report.ts';

/** What a cell is judged by. */
type Judged = Pick<ReportCell, 'result' | 'properties' | 'fairness' | 'mutants' | 'mutantsRequired'>;

/**
 * The verdict, unless all of safety holds and something else that was demanded does not: `violated` when a response property is
 * violated under the profile that was demanded, or when mutants were to be seen and one survived; `incomplete` when liveness was
 * asked for, or mutants were to be seen, and that was not decided.
 */
export function judgementOf(cell: Judged): Verdict {
  const { result, fairness } = cell;
  if (result.verdict !== 'holds') return result.verdict;
  if ((fairness && demanded(cell, fairness).length > 0) || unseen(cell, 'survived').length > 0) return 'violated';
  return result.livenessComplete === false || unseen(cell, 'undecided').length > 0 ? 'incomplete' : 'holds';
}

/** What is wrong with a cell, in words; undefined when all that was asked for holds. */
export function complaintOf(cell: Judged): string | undefined {
  const { result, fairness } = cell;
  const { verdict, violations, goals, complete, limit } = result;
  const judgement = judgementOf(cell);
  if (judgement === 'holds') return undefined;
  if (verdict === 'violated') return propertiesOf(violations);
  if (verdict === 'vacuous') return `never reached: ${goals?.missing.join(', ')}`;
  if (verdict === 'incomplete' && complete === undefined)
    return 'no run that was taken violates a property, which is no proof: others may';
  const ended = limit === undefined ? 'was interrupted' : `met its limit of ${LIMITED[limit]}`;
  if (verdict === 'incomplete')
    return `the search ${ended}: it says neither that the properties hold nor that they do not`;
  const lassos = fairness ? demanded(cell, fairness) : [];
  if (fairness && lassos.length > 0) return `${propertiesOf(lassos)} under ${fairnessText(fairness)}`;
  const survived = unseen(cell, 'survived');
  if (survived.length > 0) return `no property saw ${namesOf(survived)}`;
  if (result.livenessComplete === false) return `the search ${ended} before it decided liveness`;
  return `not decided whether a property sees ${namesOf(unseen(cell, 'undecided'))}`;
}

/** Mutants that were to be seen and were not. */
const unseen = ({ mutants = [], mutantsRequired }: Judged, outcome: 'survived' | 'undecided') =>
  mutantsRequired ? withOutcome(mutants, outcome) : [];

const propertiesOf = (found: readonly { readonly property: string }[]): string =>
  found.map(({ property }) => property).join(', ');

const LIMITED: Readonly<Record<keyof Limits, string>> = {
  states: 'states',
  bytes: 'memory',
  executions: 'executed steps',
  milliseconds: 'time',
};
