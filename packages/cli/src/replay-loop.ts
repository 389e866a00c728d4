import { confirmLasso, type Token, type TokenLoop } from '@checkstop/explorer';
import { CheckstopError, type Machine, scheduleLength } from '@checkstop/kernel';
import { counted, fairnessText } from '@checkstop/report';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { story } from './story.ts';

/**
 * Runs a lasso again, from the state the machine is in: the stem, and one round of the loop. Finds out anew that this
 * leads back to one state, that the property's matter stays pending, and that the run is as fair as the token says.
 *
 * @throws CheckstopError TOKEN_NO_PROPERTY (the machine has no such response property, or agent), TOKEN_OTHER_STATE,
 * EXPLORE_NOT_REPRODUCED, REPLAY_DIVERGED
 */
export function replayLoop(machine: Machine, token: Token & { readonly loop: TokenLoop }, io: Io): ExitCode {
  const { schedule: stem, loop } = token;
  const property = machine.properties.find(({ kind, name }) => kind === 'response' && name === loop.property);
  if (property?.kind !== 'response' || !machine.agents[loop.agent])
    throw new CheckstopError(
      'TOKEN_NO_PROPERTY',
      `The token is about '${loop.property}' of vCPU ${loop.agent}, which this machine does not have.`,
      { property: loop.property, agent: loop.agent },
    );
  io.out(`${story(machine, [...stem, ...loop.schedule], io, scheduleLength(stem))}\n\n`);
  const start = machine.arena.snapshot();
  const text = confirmLasso(machine, start, property, { ...loop, stem, loop: loop.schedule });
  confirmHash(machine.arena.computeHash(), token);
  io.out(`${io.colors.red(property.name)} under ${fairnessText(loop.fairness)}: ${text}\n`);
  const [before, round] = [scheduleLength(stem), scheduleLength(loop.schedule)];
  io.out(
    `${counted(before, 'step')} and a loop of ${counted(round, 'step')}, state ${token.hash} before and after it as recorded\n`,
  );
  return EXIT.violated;
}

/** Makes sure that a run ended in the state that was recorded. @throws CheckstopError TOKEN_OTHER_STATE */
export function confirmHash(hash: string, { hash: recorded }: Pick<Token, 'hash'>): void {
  if (hash === recorded) return;
  throw new CheckstopError(
    'TOKEN_OTHER_STATE',
    `The run ended in state ${hash}, the recorded one in ${recorded}: plugins of the same names and versions behave differently here.`,
    { hash, recorded },
  );
}
