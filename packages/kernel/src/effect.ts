import type { Dispose } from './bus.ts';
import { CheckstopError } from './error.ts';

/** Something a plugin did outside the machine, and how to undo it. */
export interface Effect {
  readonly dispose: Dispose;
  readonly label: string;
}

/**
 * Undoes effects, last first, each once. One that fails does not keep the others from being undone.
 *
 * @throws CheckstopError DISPOSE_FAILED afterwards, naming those that failed; `cause` is what the first one threw
 */
export function disposeAll(effects: Effect[]): void {
  const failed: { label: string; error: unknown }[] = [];
  for (let effect = effects.pop(); effect; effect = effects.pop()) {
    try {
      effect.dispose();
    } catch (error) {
      failed.push({ label: effect.label, error });
    }
  }
  if (failed.length === 0) return;
  const labels = failed.map(({ label }) => label);
  throw new CheckstopError(
    'DISPOSE_FAILED',
    `Could not undo ${labels.map((label) => `'${label}'`).join(', ')}; everything else was undone.`,
    { labels },
    { cause: failed[0].error },
  );
}
