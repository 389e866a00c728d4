import type { Property } from '@checkstop/kernel';
import { delivered, deliveredAndResumed } from './delivered.ts';
import { DESCRIPTIONS } from './descriptions.ts';
import { entryContract } from './entry-contract.ts';
import { justifiedStop } from './justified-stop.ts';
import { noDeadlock } from './no-deadlock.ts';
import { noStale } from './no-stale.ts';
import { ownLog } from './own-log.ts';
import { progress } from './progress.ts';
import { noFalseResume, resumeContext } from './resuming.ts';
import type { ContractView } from './view.ts';

/** The properties of the FWNMI contract, each decided for itself. */
export function contractProperties(view: ContractView): Property[] {
  return [
    entryContract(view),
    resumeContext(view),
    ...noFalseResume(view),
    ...justifiedStop(view),
    ...delivered(view),
    ...ownLog(view),
    noDeadlock(view),
    ...noStale(),
    deliveredAndResumed(view),
    progress(view),
  ].map((property) => ({ ...property, description: DESCRIPTIONS[property.name] }));
}
