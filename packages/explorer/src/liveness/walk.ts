import type { Activity, FairGraph, Fairness } from './fairness.ts';
import { APART, moverBit } from './fairness.ts';

/** A way round in a graph: edges in a row that lead from a node back to it; and who goes round local steps meanwhile. */
export interface Round {
  readonly start: number;
  /** Numbers of edges; may be empty. */
  readonly edges: readonly number[];
  /** Agents of whose loops of local steps (`APART`) one round belongs to it, a mask. */
  readonly apart: number;
}

/**
 * A round through a fair component that is fair itself, from its lowest node: every agent that has to move moves, and
 * under `weak` visiting a node where it is not able to will do instead. From each place to the nearest that is needed, so
 * it is short, though not always the shortest there is.
 */
export function fairRound(graph: FairGraph, fairness: Fairness, members: Int32Array, activity: Activity): Round {
  const search = new RoundSearch(graph, members);
  const start = members.reduce((least, node) => Math.min(least, node));
  const needed = { none: 0, weak: -1, strong: activity.sometimes }[fairness];
  // Where nobody has to move, one who goes round local steps is enough, and the simplest there is.
  const alone = needed === 0 ? search.apartAt(start) : 0;
  if (alone !== 0) return { start, edges: [], apart: alone & -alone };
  const excused = (node: number): number => (fairness === 'weak' ? ~graph.able[node] : 0);
  // Who only ever goes round local steps need not be gone to.
  let apart = search.apart & ~search.literal & needed;
  let left = needed & (activity.moving | ~activity.always) & ~apart & ~excused(start);
  const edges: number[] = [];
  let at = start;
  const go = (wanted: (edge: number) => boolean): boolean => {
    const path = search.path(at, wanted);
    for (const edge of path) {
      left &= ~moverBit(graph.movers[edge]) & ~excused(graph.edges.targets[edge]);
      at = graph.edges.targets[edge];
      edges.push(edge);
    }
    return path.length > 0;
  };
  while (
    left !== 0 &&
    go((edge) => ((moverBit(graph.movers[edge]) | excused(graph.edges.targets[edge])) & left) !== 0)
  );
  if (at !== start || edges.length === 0) go((edge) => graph.edges.targets[edge] === start);
  // A single node with nothing but loops of local steps.
  if (edges.length === 0 && apart === 0) apart = search.apart & -search.apart;
  return { start, edges, apart };
}

/** Breadth-first search among the edges of one component that are to be taken literally. */
class RoundSearch {
  /** Agents that move along such an edge, and those that go round local steps, masks. */
  readonly literal: number;
  readonly apart: number;
  private readonly inside: Set<number>;

  constructor(
    private readonly graph: FairGraph,
    members: Int32Array,
  ) {
    this.inside = new Set(members);
    let literal = 0;
    let apart = 0;
    for (const node of members)
      this.eachEdge(node, (_, mover) => {
        if (mover >= APART) apart |= moverBit(mover);
        else literal |= moverBit(mover);
      });
    this.literal = literal;
    this.apart = apart;
  }

  /** Agents that go round local steps at a node, a mask. */
  apartAt(node: number): number {
    let apart = 0;
    this.eachEdge(node, (_, mover) => {
      if (mover >= APART) apart |= moverBit(mover);
    });
    return apart;
  }

  /** The edges from `from` up to and with the nearest edge that is wanted; none if there is no such edge. */
  path(from: number, wanted: (edge: number) => boolean): number[] {
    const { graph } = this;
    const reachedBy = new Map<number, number>([[from, -1]]);
    const queue = [from];
    const sources = new Map<number, number>();
    for (const node of queue) {
      let found = -1;
      this.eachEdge(node, (edge, mover) => {
        if (mover < 0 || mover >= APART || found >= 0) return;
        sources.set(edge, node);
        const target = graph.edges.targets[edge];
        if (wanted(edge)) found = edge;
        else if (!reachedBy.has(target)) {
          reachedBy.set(target, edge);
          queue.push(target);
        }
      });
      if (found < 0) continue;
      const path = [found];
      for (let at = node; at !== from; at = sources.get(path[0]) as number) path.unshift(reachedBy.get(at) as number);
      return path;
    }
    return [];
  }

  private eachEdge(node: number, visit: (edge: number, mover: number) => void): void {
    const { edges, movers } = this.graph;
    for (let e = edges.starts[node]; e < edges.starts[node + 1]; e++)
      if (this.inside.has(edges.targets[e])) visit(e, movers[e]);
  }
}
