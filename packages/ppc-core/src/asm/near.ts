/** Edits that may lie between what was written and what was meant; of short words fewer. */
const MOST_EDITS = 2;
/** Longer texts are not compared: comparing takes the square of their length. */
const LONGEST = 64;
/** How many are worth reading. */
const MOST_SHOWN = 3;

/**
 * The candidates that the fewest edits make of a text, at most three, those that begin alike first; none if all are more
 * than two edits away, or more than a third of the text. An edit is a character more, less, another, or swapped with the
 * next.
 */
export function nearest(text: string, candidates: Iterable<string>): string[] {
  if (text.length > LONGEST) return [];
  let limit = Math.min(MOST_EDITS, Math.ceil(text.length / 3));
  let found: string[] = [];
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - text.length) > limit) continue;
    const distance = edits(text, candidate);
    if (distance > limit) continue;
    if (distance < limit) found = [];
    limit = distance;
    found.push(candidate);
  }
  return found.sort((a, b) => sameStart(text, b) - sameStart(text, a)).slice(0, MOST_SHOWN);
}

/** `; did you mean add, addi or tdi?`, or what to say instead if nothing is near. */
export function didYouMean(near: readonly string[], otherwise = ''): string {
  if (near.length === 0) return otherwise;
  const [last, ...others] = [...near].reverse();
  const list = others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`;
  return `; did you mean ${list}?`;
}

/** Optimal string alignment: a row for each character of `a`, of which the last two are kept. */
function edits(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          ...[at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + other],
          ...(swapped ? [at(before, j - 2) + 1] : []),
        ),
      );
    }
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;

function sameStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
