import { Closures } from '../closure.ts';
import type { Expander } from '../expander.ts';
import { type Hop, LocalWalk } from '../local-walk.ts';
import type { MachineSteps } from '../machine-steps.ts';
import type { Note } from '../steps.ts';
import type { Frames } from '../symmetry/frames.ts';
import { SymmetricGraph } from '../symmetry/symmetric-graph.ts';
import { Behaviour } from './behaviour.ts';
import { bodiesOf } from './bodies.ts';
import { Lifting } from './lifting.ts';
import { MergedGraph } from './merged-graph.ts';
import { refine } from './partition.ts';

/** States expanded on guesses that were given up halfway, after which nothing is merged: where much is published that tells images apart, guessing costs more than it saves. */
const MAX_WASTED = 2_000_000;
/** Guesses after which nothing is merged, however far each of them got. */
const MAX_GUESSES = 60;

/** Makes merged graphs, each on what was learnt from the one before. */
export class Merging {
  private readonly behaviours: readonly Behaviour[];
  private readonly closures: Closures;
  private readonly walk: LocalWalk;
  /** The shared image in which what is local is executed. */
  private readonly shared: number;
  private wasted = 0;
  private guesses = 0;

  constructor(
    private readonly expander: Expander,
    private readonly steps: Pick<MachineSteps, 'initial' | 'placeOf'>,
    /** What tells images apart whatever they do, in words. */
    seen: (agent: number, image: number) => string,
    private readonly onNote: (note: Note, hop: Hop) => void,
    /** Agents are taken for one as well. */
    private readonly frames?: Frames,
  ) {
    this.closures = new Closures(expander);
    const { closures } = this;
    this.walk = new LocalWalk(expander);
    this.shared = steps.initial[expander.agents];
    const looks = {
      place: (agent: number, image: number) => steps.placeOf(agent, image),
      observed: seen,
    };
    const kinds = frames ? [frames.bodies] : Array.from({ length: expander.agents }, (_, agent) => bodiesOf(agent));
    this.behaviours = kinds.map((bodies) => new Behaviour(bodies, expander, closures, this.walk, looks, steps.initial));
  }

  /** A graph on the best guess so far, after another one was given up halfway, with so many states expanded; or undefined when too many were, of all guesses together. */
  guess(expanded: number): MergedGraph | undefined {
    const { expander, behaviours, steps, onNote } = this;
    this.wasted += expanded;
    this.guesses += 1;
    if (this.wasted > MAX_WASTED || this.guesses > MAX_GUESSES) return undefined;
    const partitions = this.guesses === 1 ? [] : behaviours.map((behaviour) => refine(behaviour, expander.memo));
    return this.frames
      ? new SymmetricGraph(expander, behaviours[0], partitions[0], steps.initial, onNote, this.frames)
      : new MergedGraph(expander, behaviours, partitions, steps.initial, onNote);
  }

  /** Bottom properties look at more than they did before. */
  relabel(): void {
    for (const behaviour of this.behaviours) behaviour.relabel(this.shared);
  }

  /**
   * Whether what bottom properties see on the way to the next visible step is the same from all members of these classes,
   * by kind. Where it is not, the next guess keeps them apart.
   */
  looksAlike({ classes }: MergedGraph, asked: readonly ReadonlySet<number>[]): boolean {
    let alike = true;
    for (const [kind, behaviour] of this.behaviours.entries()) {
      const seen = new Map<number, string>();
      const unlike = new Set<number>();
      for (const [body, at] of classes.members(kind)) {
        if (!asked[kind].has(at)) continue;
        const from = behaviour.seenFrom(body, this.shared);
        if (seen.has(at) && seen.get(at) !== from) unlike.add(at);
        else seen.set(at, from);
      }
      if (unlike.size === 0) continue;
      alike = false;
      behaviour.watch([...classes.members(kind)].filter(([, at]) => unlike.has(at)).map(([body]) => body));
    }
    return alike;
  }

  get bytes(): number {
    const { behaviours, closures, frames } = this;
    return behaviours.reduce((sum, behaviour) => sum + behaviour.bytes, closures.bytes + (frames?.bytes ?? 0));
  }

  /** See {@link Lifting.lift}; by default from where the machine was. */
  lift(
    graph: MergedGraph,
    legs: readonly Hop[],
    shows: (note: Note) => boolean,
    from: Int32Array = this.steps.initial,
  ): { lifted: Hop[]; end: Int32Array } {
    return new Lifting(this.expander, this.behaviours, this.walk).lift(graph, legs, shows, from);
  }
}
