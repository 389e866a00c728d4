import { CheckstopError } from '@checkstop/kernel';
import type { Expander } from '../expander.ts';
import type { Hop, LocalWalk } from '../local-walk.ts';
import type { Note } from '../steps.ts';
import type { Behaviour } from './behaviour.ts';
import { said } from './leads.ts';
import type { MergedGraph } from './merged-graph.ts';

/** Where a path of a merged graph leads next. */
interface Step {
  readonly state: Int32Array;
  /** Whose step it was, by its place in `state`. */
  readonly last: number;
}

/** Finds paths of the unmerged graph that do what paths of a merged one say. */
export class Lifting {
  constructor(
    private readonly expander: Expander,
    private readonly behaviours: readonly Behaviour[],
    private readonly walk: LocalWalk,
  ) {}

  /**
   * The path that begins in the images `from`, a state of those that the path begins in, and the images in which it ends. `shows`
   * tells whether a note shows what the path is to show.
   *
   * @throws CheckstopError EXPLORE_NOT_REPRODUCED when there is none, which a graph that was not contradicted excludes
   */
  lift(
    graph: MergedGraph,
    legs: readonly Hop[],
    shows: (note: Note) => boolean,
    from: Int32Array,
  ): { lifted: Hop[]; end: Int32Array } {
    const images = Int32Array.from(from);
    let at: Step = { state: graph.stateOf(images), last: -1 };
    let last = -1;
    const lifted = legs.map((leg) => {
      const actors = graph.actors(at.state, leg.agent, images);
      // Of agents that look the same, the one that took the last step is not any.
      const agent = leg.agent === at.last ? last : (actors.find((actor) => actor !== last) ?? actors[0]);
      const next = this.follow(graph, at.state, leg);
      const hop = this.hop(graph, leg, agent, images, next, shows);
      if (!hop)
        throw new CheckstopError(
          'EXPLORE_NOT_REPRODUCED',
          `A merged path cannot be told in steps of the machine where agent ${agent} takes its ${leg.action}th action: please report it.`,
          { agent, action: leg.action },
        );
      this.take(hop, images);
      at = next;
      last = agent;
      return hop;
    });
    return { lifted, end: images };
  }

  /** Where a leg leads in the merged graph. */
  private follow(graph: MergedGraph, state: Int32Array, leg: Hop): Step {
    const { edge } = graph;
    let next: Step = { state, last: leg.agent };
    const arrived = (): void => {
      next = { state: Int32Array.from(edge.next), last: edge.last };
    };
    if (leg.action < 0) graph.run(state, leg.agent, this.classOf(graph, leg), leg.image, 0, arrived);
    else if (!this.isLocal(graph, leg))
      graph.expand(
        state,
        () => {
          const { agent, image, action, outcome } = edge;
          if (agent === leg.agent && image === leg.image && action === leg.action && outcome === leg.outcome) arrived();
        },
        false,
      );
    return next;
  }

  private hop(
    graph: MergedGraph,
    leg: Hop,
    agent: number,
    images: Int32Array,
    next: Step,
    shows: (note: Note) => boolean,
  ): Hop | undefined {
    const { walk } = this;
    if (leg.action >= 0 && !this.isLocal(graph, leg)) return this.exit(graph, leg, agent, images, next);
    walk.run(agent, images);
    if (leg.action >= 0) return this.remark(agent, shows);
    const reached = walk.images.data.slice(0, walk.images.length);
    const at = this.classOf(graph, leg);
    const image = reached.find((candidate) => graph.classOf(agent, candidate) === at);
    return image === undefined ? undefined : { agent, image, action: -1, outcome: -1 };
  }

  /** The local step of the last walk that shows it with the fewest faults. */
  private remark(agent: number, shows: (note: Note) => boolean): Hop | undefined {
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

  /** The exit of the same class, with the fewest faults before it, and the outcome of it that leads there. */
  private exit(graph: MergedGraph, leg: Hop, agent: number, images: Int32Array, next: Step): Hop | undefined {
    const { memo, agents } = this.expander;
    const { classes } = graph;
    const kind = graph.kindOf(agent);
    const behaviour = this.behaviours[kind];
    const { bodies } = behaviour;
    const shared = bodies.seen(agent, images[agents]);
    const at = classes.ofExit(kind, behaviour.exit(leg.image, leg.action, shared));
    const { exits } = behaviour.node(bodies.of(agent, images[agent]), shared);
    let best = -1;
    for (let i = 0; i < exits.length; i += 2)
      if (classes.ofExit(kind, exits[i]) === at && (best < 0 || exits[i + 1] < exits[best + 1])) best = i;
    if (best < 0) return undefined;
    const exit = exits[best];
    const leaf = behaviour.leaf(exit, shared);
    for (let outcome = memo.start(leaf); leaf >= 0 && outcome < memo.end(leaf); outcome++) {
      const image = bodies.imageOf(behaviour.exitBody.data[exit]);
      const hop = { agent, image, action: leg.action, outcome };
      if (said(memo, outcome) === said(memo, leg.outcome) && this.leadsTo(graph, hop, images, next)) return hop;
    }
    return undefined;
  }

  private leadsTo(graph: MergedGraph, hop: Hop, images: Int32Array, { state, last }: Step): boolean {
    const after = Int32Array.from(images);
    this.take(hop, after);
    return (
      graph.stateOf(after).every((value, i) => value === state[i]) &&
      graph.actors(state, last, after).includes(hop.agent)
    );
  }

  private take({ agent, image, outcome }: Hop, images: Int32Array): void {
    images[agent] = image;
    if (outcome >= 0) this.expander.memo.apply(outcome, images, images);
  }

  private classOf(graph: MergedGraph, { agent, image }: Hop): number {
    return graph.classes.of(graph.kindOf(agent), image);
  }

  private isLocal(graph: MergedGraph, { agent, image, action }: Hop): boolean {
    const { bodies } = this.behaviours[graph.kindOf(agent)];
    return this.expander.memo.isLocal(bodies.agentOf(image), action, bodies.imageOf(image));
  }
}
