/** Milliseconds a slice takes: whoever presses Ctrl-C waits little longer than that. */
const SLICE = 50;

/**
 * Goes on with work for a slice of time, one unit after the other: one that is looked up takes microseconds, one that is executed may
 * take a tenth of a second.
 */
export function slice(work: { readonly done: boolean; advance(units: number): void }): void {
  const until = performance.now() + SLICE;
  do work.advance(1);
  while (!work.done && performance.now() < until);
}
