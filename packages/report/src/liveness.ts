import { type Decided, FAIRNESS, type Fairness, type Lasso, underFairness } from '@checkstop/explorer';
import { scheduleLength } from '@checkstop/kernel';
import { counted } from './counted.ts';
import type { ReportCell } from './report.ts';

/** What liveness is told by. */
type Told = Pick<ReportCell, 'result' | 'properties'> & { readonly fifoLocks?: Pick<ReportCell, 'result'> };

/** A response property, and what was found out about it under each profile of fairness. */
export interface Liveness {
  readonly property: string;
  readonly profiles: Readonly<Record<Fairness, Decided>>;
  /** The same under weak fairness where locks go to whoever has asked longest, if that was asked. */
  readonly fifoLocks?: Decided;
}

/** The response properties of a cell, profile by profile; none when liveness was not asked for. */
export function livenessOf({ result, properties, fifoLocks: inOrder }: Told): Liveness[] {
  return properties.flatMap(({ kind, name }) => {
    const profiles = kind === 'response' ? underFairness(result, name) : undefined;
    const fifoLocks = inOrder && underFairness(inOrder.result, name)?.weak;
    return profiles ? [{ property: name, profiles, ...(fifoLocks && { fifoLocks }) }] : [];
  });
}

/** The same in words: `progress: none violated, weak violated, strong holds, FIFO locks holds`. Empty when liveness was not asked for. */
export function livenessText(cell: Told): string {
  return livenessOf(cell)
    .map(({ property, profiles, fifoLocks }) => {
      const told: string[][] = FAIRNESS.map((fairness) => [fairness, profiles[fairness].verdict]);
      if (fifoLocks) told.push(['FIFO locks', fifoLocks.verdict]);
      if (told.every(([, verdict]) => verdict === 'incomplete')) return `${property}: incomplete`;
      return `${property}: ${told.map((one) => one.join(' ')).join(', ')}`;
    })
    .join('; ');
}

/** Lassos that violate what was demanded. */
export const demanded = ({ result }: Pick<Told, 'result'>, fairness: Fairness): Lasso[] =>
  (result.lassos ?? []).filter((lasso) => lasso.fairness === fairness);

/** Of a cell whose locks go to whoever has asked longest: the runs without an end that are fair. Such locks and weak fairness are one profile. */
export const fifoLassos = ({ result }: Pick<Told, 'result'>): readonly Lasso[] => demanded({ result }, 'weak');

/** What is assumed where a response property is violated, in words. */
export const fairnessText = (fairness: Fairness): string =>
  fairness === 'none' ? 'no fairness' : `${fairness} fairness`;

/** What it takes to get into a loop, and how long that is, in words. */
export const lassoCostOf = ({ faults, steps, loop }: Lasso): string =>
  `${counted(faults, 'check')}, ${counted(steps, 'visible step')} in stem and loop, ${loop.length === 0 ? 'and no step after that' : `a loop of ${counted(scheduleLength(loop), 'step')}`}`;

/** A lasso as one run: the stem, and one round of the loop. */
export const runOf = ({ stem, loop }: Lasso) => ({ schedule: [...stem, ...loop] });
