import type { Expander } from '../expander.ts';
import { grown } from '../ints.ts';
import { type Hop, LocalWalk } from '../local-walk.ts';

/** What local steps alone can make of an agent. */
export interface Ways {
  /** Every image that it can get to, faults on the way included, its own first. */
  readonly images: Int32Array;
  /** An image on a loop of local steps, one that the fewest faults lead to, or -1. The loop itself is without a fault. */
  readonly loop: number;
}

/** Remembers the local ways of agents, by agent and image. */
export class LocalWays {
  private readonly known: Ways[] = [];
  private readonly numbers: Int32Array[];
  private readonly walk: LocalWalk;
  private readonly scratch: Int32Array;

  constructor(private readonly expander: Expander) {
    this.numbers = Array.from({ length: expander.agents }, () => new Int32Array(256));
    this.walk = new LocalWalk(expander);
    this.scratch = new Int32Array(expander.agents + 1);
  }

  /** The ways of `agent` in `tuple`, which depend on tuple[agent] only. */
  of(agent: number, tuple: Int32Array): Ways {
    const image = tuple[agent];
    const known = image < this.numbers[agent].length ? this.numbers[agent][image] : 0;
    if (known !== 0) return this.known[known - 1];
    const ways = this.explain(agent, tuple);
    this.known.push(ways);
    if (image >= this.numbers[agent].length) this.numbers[agent] = grown(this.numbers[agent], image + 1);
    this.numbers[agent][image] = this.known.length;
    return ways;
  }

  /** Local steps without a fault that lead `agent` from its image in `tuple`, an image on a loop, back there. */
  roundTrip(agent: number, tuple: Int32Array): Hop[] {
    const { expander, walk } = this;
    const { memo } = expander;
    const image = tuple[agent];
    const next = new Int32Array(tuple.length);
    for (const [action, { fault }] of expander.actions.entries()) {
      if (fault || !memo.isLocal(agent, action, image)) continue;
      const leaf = memo.find(agent, action, tuple);
      for (let outcome = memo.start(leaf); outcome < memo.end(leaf); outcome++) {
        memo.apply(outcome, tuple, next);
        walk.run(agent, next, image);
        const back = walk.pathTo(image);
        const returns = next[agent] === image || back.length > 0;
        if (returns && back.every((hop) => !expander.actions[hop.action].fault))
          return [{ agent, image, action, outcome }, ...back];
      }
    }
    return [];
  }

  private explain(agent: number, tuple: Int32Array): Ways {
    const { walk, scratch } = this;
    scratch.set(tuple);
    walk.run(agent, scratch);
    let loop = -1;
    let fewest = Number.POSITIVE_INFINITY;
    walk.loops((at) => {
      const image = walk.images.data[at];
      const faults = walk.faults.data[at];
      if (faults > fewest || (faults === fewest && image > loop)) return;
      fewest = faults;
      loop = image;
    });
    return { images: walk.images.data.slice(0, walk.images.length), loop };
  }
}
