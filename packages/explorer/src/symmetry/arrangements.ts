/**
 * Every order of these values that looks different: `order[place]` is the index of the value at that place. The first is the
 * one they are in. Undefined if there are more than `most`.
 */
export function arrangements(values: readonly number[], most: number): number[][] | undefined {
  const all: number[][] = [];
  const order: number[] = [];
  const left = new Set(values.keys());
  /** Answers no once there are too many. */
  const extend = (): boolean => {
    if (left.size === 0) return all.push([...order]) <= most;
    const tried = new Set<number>();
    for (const index of [...left].sort((a, b) => a - b)) {
      if (tried.has(values[index])) continue;
      tried.add(values[index]);
      left.delete(index);
      order.push(index);
      const isEnough = !extend();
      order.pop();
      left.add(index);
      if (isEnough) return false;
    }
    return true;
  };
  return extend() ? all : undefined;
}

/** From the order in which things are put, where each of them goes: `places[order[place]] === place`. */
export function placesOf(order: readonly number[]): number[] {
  const places: number[] = [];
  for (const [place, index] of order.entries()) places[index] = place;
  return places;
}
