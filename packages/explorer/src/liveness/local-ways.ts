import { components, isCyclic } from '../components.ts';
import type { Expander } from '../expander.ts';
import { grown } from '../ints.ts';
import { type Hop, LocalWalk } from '../local-walk.ts';

/** Remembers, by agent and image, whether an agent can go round local steps of its own for ever. */
export class LocalWays {
  /** By agent and image: 2 + what `loop` answers, 0 where nobody has asked. */
  private readonly known: Int32Array[];
  private readonly walk: LocalWalk;
  private readonly scratch: Int32Array;

  constructor(private readonly expander: Expander) {
    this.known = Array.from({ length: expander.agents }, () => new Int32Array(256));
    this.walk = new LocalWalk(expander);
    this.scratch = new Int32Array(expander.agents + 1);
  }

  /**
   * An image on a loop of local steps that `agent` can get to by local steps, one that the fewest faults lead to, or -1.
   * It depends on tuple[agent] only. A fault may strike in the loop if faults may strike any number of times.
   */
  loop(agent: number, tuple: Int32Array): number {
    const image = tuple[agent];
    const known = image < this.known[agent].length ? this.known[agent][image] : 0;
    if (known !== 0) return known - 2;
    const loop = this.find(agent, tuple);
    if (image >= this.known[agent].length) this.known[agent] = grown(this.known[agent], image + 1);
    this.known[agent][image] = loop + 2;
    return loop;
  }

  /** Local steps that lead `agent` from its image in `tuple`, an image on a loop, back there. */
  roundTrip(agent: number, tuple: Int32Array): Hop[] {
    const { walk } = this;
    const image = tuple[agent];
    const trips: Hop[][] = [];
    this.eachStep(agent, tuple, (next, action, outcome) => {
      walk.run(agent, next, image);
      const back = walk.pathTo(image);
      if (next[agent] === image || back.length > 0) trips.push([{ agent, image, action, outcome }, ...back]);
    });
    const faults = (trip: readonly Hop[]): number => trip.filter(({ action }) => this.isFault(action)).length;
    return trips.reduce((best, trip) => (faults(trip) < faults(best) ? trip : best));
  }

  get bytes(): number {
    return this.known.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  private find(agent: number, tuple: Int32Array): number {
    const { walk, scratch } = this;
    scratch.set(tuple);
    walk.run(agent, scratch);
    const images = walk.images.data.slice(0, walk.images.length);
    const faults = walk.faults.data.slice(0, images.length);
    const indexOf = new Map(Array.from(images, (image, index) => [image, index]));
    const starts = [0];
    const targets: number[] = [];
    for (const image of images) {
      scratch[agent] = image;
      this.eachStep(agent, scratch, (next) => targets.push(indexOf.get(next[agent]) as number));
      starts.push(targets.length);
    }
    const edges = { count: images.length, starts: Int32Array.from(starts), targets: Int32Array.from(targets) };
    let loop = -1;
    let fewest = Number.POSITIVE_INFINITY;
    components(edges, (members) => {
      if (!isCyclic(edges, members)) return;
      for (const at of members) {
        if (faults[at] > fewest || (faults[at] === fewest && images[at] > loop)) continue;
        fewest = faults[at];
        loop = images[at];
      }
    });
    return loop;
  }

  /** Calls `visit` with the state after every local step of `agent`, which was executed before. */
  private eachStep(
    agent: number,
    tuple: Int32Array,
    visit: (next: Int32Array, action: number, outcome: number) => void,
  ): void {
    const { memo, actions } = this.expander;
    const next = new Int32Array(tuple.length);
    for (const action of actions.keys()) {
      if (!memo.isLocal(agent, action, tuple[agent])) continue;
      const leaf = memo.find(agent, action, tuple);
      for (let outcome = memo.start(leaf); outcome < memo.end(leaf); outcome++) {
        memo.apply(outcome, tuple, next);
        visit(next, action, outcome);
      }
    }
  }

  private isFault(action: number): boolean {
    return this.expander.actions[action].fault;
  }
}
