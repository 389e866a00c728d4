import { Closures } from '../closure.ts';
import type { Expander } from '../expander.ts';
import { type Hop, LocalWalk } from '../local-walk.ts';
import type { MachineSteps } from '../machine-steps.ts';
import type { Note } from '../steps.ts';
import { Behaviour } from './behaviour.ts';
import { said } from './leads.ts';
import { MergedGraph } from './merged-graph.ts';
import { refine } from './partition.ts';

/** States expanded on guesses that were given up halfway, after which nothing is merged: where much is published that tells images apart, guessing costs more than it saves. */
const MAX_WASTED = 200_000;
/** Guesses after which nothing is merged, however far each of them got. */
const MAX_GUESSES = 60;

/** Makes merged graphs, each on what was learnt from the one before. */
export class Merging {
  private readonly behaviours: readonly Behaviour[];
  private readonly closures: Closures;
  private readonly walk: LocalWalk;
  private readonly context: Int32Array;
  private wasted = 0;
  private guesses = 0;

  constructor(
    private readonly expander: Expander,
    private readonly steps: Pick<MachineSteps, 'initial' | 'placeOf'>,
    /** What tells images apart whatever they do, in words. */
    seen: (agent: number, image: number) => string,
    private readonly onNote: (note: Note, hop: Hop) => void,
  ) {
    this.closures = new Closures(expander);
    const { closures } = this;
    this.walk = new LocalWalk(expander);
    this.context = Int32Array.from(steps.initial);
    const looks = {
      place: (agent: number, image: number) => steps.placeOf(agent, image),
      observed: seen,
    };
    this.behaviours = Array.from(
      { length: expander.agents },
      (_, agent) => new Behaviour(agent, expander, closures, this.walk, looks),
    );
  }

  /** A graph on the best guess so far, after another one was given up halfway, with so many states expanded; or undefined when too many were. */
  guess(expanded: number): MergedGraph | undefined {
    const { expander, behaviours, steps, onNote } = this;
    this.wasted += expanded;
    this.guesses += 1;
    if (this.wasted > MAX_WASTED || this.guesses > MAX_GUESSES) return undefined;
    const partitions = this.guesses === 1 ? [] : behaviours.map((behaviour) => refine(behaviour, expander.memo));
    return new MergedGraph(expander, behaviours, partitions, steps.initial, onNote);
  }

  /** Bottom properties look at more than they did before. */
  relabel(): void {
    for (const behaviour of this.behaviours) behaviour.relabel(this.context);
  }

  /**
   * Whether what bottom properties see on the way to the next visible step is the same from all members of these classes,
   * by agent. Where it is not, the next guess keeps them apart.
   */
  looksAlike({ classes }: MergedGraph, asked: readonly ReadonlySet<number>[]): boolean {
    let alike = true;
    for (const [agent, behaviour] of this.behaviours.entries()) {
      const seen = new Map<number, string>();
      const unlike = new Set<number>();
      for (const [image, at] of classes.members(agent)) {
        if (!asked[agent].has(at)) continue;
        const from = behaviour.seenFrom(image, this.context);
        if (seen.has(at) && seen.get(at) !== from) unlike.add(at);
        else seen.set(at, from);
      }
      if (unlike.size === 0) continue;
      alike = false;
      behaviour.watch([...classes.members(agent)].filter(([, at]) => unlike.has(at)).map(([image]) => image));
    }
    return alike;
  }

  get bytes(): number {
    return this.behaviours.reduce((sum, behaviour) => sum + behaviour.bytes, this.closures.bytes);
  }

  // ---- lifting ----

  /**
   * A path of the unmerged graph that does what a path of the merged one says, and the state in which it ends. It begins in
   * `from`, a state of those that the path begins in. `shows` tells whether a note shows what the path is to show.
   *
   * @throws Error when there is none, which a graph that was not contradicted excludes
   */
  lift(
    graph: MergedGraph,
    legs: readonly Hop[],
    shows: (note: Note) => boolean,
    from: Int32Array = this.steps.initial,
  ): { lifted: Hop[]; end: Int32Array } {
    const tuple = Int32Array.from(from);
    const lifted = legs.map((leg) => {
      const hop = this.liftOne(graph, leg, tuple, shows);
      if (!hop) throw new Error(`A merged path cannot be lifted where agent ${leg.agent} is at image ${leg.image}.`);
      tuple[leg.agent] = hop.image;
      if (hop.outcome >= 0) this.expander.memo.apply(hop.outcome, tuple, tuple);
      return hop;
    });
    return { lifted, end: tuple };
  }

  private liftOne(graph: MergedGraph, leg: Hop, tuple: Int32Array, shows: (note: Note) => boolean): Hop | undefined {
    const { expander, walk } = this;
    const { memo } = expander;
    const { agent, action } = leg;
    if (action >= 0 && !memo.isLocal(agent, action, leg.image)) return this.liftExit(graph, leg, tuple);
    walk.run(agent, tuple);
    if (action >= 0) return this.liftRemark(agent, shows);
    const images = walk.images.data.slice(0, walk.images.length);
    const at = graph.classes.of(agent, leg.image);
    const image = images.find((reached) => graph.classes.of(agent, reached) === at);
    return image === undefined ? undefined : { agent, image, action, outcome: -1 };
  }

  /** The local step of the last walk that shows it with the fewest faults. */
  private liftRemark(agent: number, shows: (note: Note) => boolean): Hop | undefined {
    const { walk, expander } = this;
    let best: Hop | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < walk.remarks.length; i += 3) {
      const [index, action, outcome] = walk.remarks.data.subarray(i, i + 3);
      const note = expander.memo.note(outcome);
      const faults = walk.faults.data[index] + (expander.actions[action].fault ? 1 : 0);
      if (!note || !shows(note) || faults >= fewest) continue;
      fewest = faults;
      best = { agent, image: walk.images.data[index], action, outcome };
    }
    return best;
  }

  private liftExit(graph: MergedGraph, { agent, image, action, outcome }: Hop, tuple: Int32Array): Hop | undefined {
    const { memo } = this.expander;
    const behaviour = this.behaviours[agent];
    const { classes } = graph;
    const shared = tuple[this.expander.agents];
    const at = classes.ofExit(agent, behaviour.exit(image, action, shared));
    const { exits } = behaviour.node(tuple);
    let best = -1;
    for (let i = 0; i < exits.length; i += 2)
      if (classes.ofExit(agent, exits[i]) === at && (best < 0 || exits[i + 1] < exits[best + 1])) best = i;
    if (best < 0) return undefined;
    const exit = exits[best];
    const next = (from: number, taken: number): string => {
      const own = memo.image(taken, agent);
      const written = memo.image(taken, this.expander.agents);
      return `${classes.of(agent, own < 0 ? from : own)} ${written < 0 ? shared : written} ${said(memo, taken)}`;
    };
    const wanted = next(image, outcome);
    const leaf = behaviour.leaf(exit, tuple);
    const from = behaviour.exitImage.data[exit];
    for (let taken = memo.start(leaf); leaf >= 0 && taken < memo.end(leaf); taken++)
      if (next(from, taken) === wanted) return { agent, image: from, action, outcome: taken };
    return undefined;
  }
}
