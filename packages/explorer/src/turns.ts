/** Takes at most so many turns of work that is done by pieces; answers with what it came to if it ended, else with undefined. */
export function takeTurns<T>(work: Generator<undefined, T>, most: number): IteratorReturnResult<T> | undefined {
  for (let left = most; left > 0; left--) {
    const turn = work.next();
    if (turn.done) return turn;
  }
  return undefined;
}
