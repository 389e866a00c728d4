import { Ints } from '../ints.ts';
import type { StepMemo } from '../memo.ts';
import { Numbering } from '../numbering.ts';
import type { Behaviour, NodeFacts } from './behaviour.ts';
import { leadsOf, said } from './leads.ts';

/** Which nodes and exits of an agent are taken for one: numbers of classes. */
export interface Partition {
  /** By node, in the order of Behaviour.nodes. */
  readonly nodes: Int32Array;
  /** By exit. */
  readonly exits: Int32Array;
}

/**
 * The coarsest partition that what is known does not contradict: two nodes are one if they lead to the same classes of
 * exits and rests, two exits are one if they do the same in every shared image in which both were tried, and others can
 * notice both or neither. What was not tried yet counts as equal, so the answer is a guess that the search has to check.
 *
 * Partition refinement: everything that looks alike is one at first, and is split until nothing contradicts. A class that is
 * split keeps its number for the first part, so that only what leads to the others has to be looked at again.
 */
export function refine(behaviour: Behaviour, memo: StepMemo): Partition {
  const { exitLabel } = behaviour;
  behaviour.complete();
  const rows = new Tried(behaviour, memo);
  const nodes = new NodeSplit(behaviour);
  const exits = new ExitSplit(exitLabel.data.slice(0, exitLabel.length));
  let movedExits = exits.split(behaviour, rows, nodes.classOf);
  for (let moves = true; moves; ) {
    const movedNodes = nodes.split(exits.classOf, movedExits);
    movedExits = exits.split(behaviour, rows, nodes.classOf, movedNodes);
    moves = movedNodes.includes(1) || movedExits.includes(1);
  }
  return { nodes: nodes.classOf, exits: exits.classOf };
}

const CLASSES = 2 ** 24;

/** What exits do in the shared images in which they were tried, as far as that does not depend on classes. */
class Tried {
  /** By exit: where its rows begin; one more at the end. */
  readonly starts = new Ints();
  /** By row: the shared image; what is written and said, in numbers; where the nodes that it leads to begin. */
  readonly shared = new Ints();
  private readonly shapes = new Ints();
  private readonly targetStarts = new Ints();
  /** Nodes, -1 for bodies that are none. */
  private readonly targets = new Ints();
  private readonly lists = new Numbering();

  constructor(behaviour: Behaviour, memo: StepMemo) {
    const { nodes, contexts } = behaviour;
    const nodeOf = new Map(nodes.map(({ body }, i) => [body, i]));
    const shapes = new Numbering();
    for (const [exit, tried] of contexts.entries()) {
      this.starts.push(this.shared.length);
      for (const [shared, leaf] of tried) {
        this.shared.push(shared);
        this.targetStarts.push(this.targets.length);
        const outcomes: { shape: string; target: number }[] = [];
        for (let outcome = leaf < 0 ? 0 : memo.start(leaf); leaf >= 0 && outcome < memo.end(leaf); outcome++)
          outcomes.push({
            shape: `${behaviour.nextShared(exit, outcome, shared)},${said(memo, outcome)};`,
            target: nodeOf.get(behaviour.nextBody(exit, outcome)) ?? -1,
          });
        // In which order the answers to a choice come is no matter.
        outcomes.sort((a, b) => (a.shape < b.shape ? -1 : a.shape > b.shape ? 1 : 0));
        for (const { target } of outcomes) this.targets.push(target);
        const visible = behaviour.isVisible(exit) ? 'visible ' : '';
        const shape = leaf < 0 ? 'throws' : `${visible}${outcomes.map((outcome) => outcome.shape).join('')}`;
        this.shapes.push(shapes.of(shape));
      }
    }
    this.starts.push(this.shared.length);
    this.targetStarts.push(this.targets.length);
  }

  /** Whether an exit leads to a node that is marked. */
  leadsTo(exit: number, marked: Int32Array): boolean {
    const { starts, targetStarts, targets } = this;
    const end = targetStarts.data[starts.data[exit + 1]];
    for (let i = targetStarts.data[starts.data[exit]]; i < end; i++) if (marked[targets.data[i]] === 1) return true;
    return false;
  }

  /** What a row does, in classes of nodes: equal for rows that do the same. */
  key(row: number, classOf: Int32Array): number {
    const { targetStarts, targets, shapes, lists } = this;
    const start = targetStarts.data[row];
    const end = targetStarts.data[row + 1];
    const classAt = (i: number): number => (targets.data[i] < 0 ? 0 : 1 + classOf[targets.data[i]]);
    let led = 0;
    if (end - start === 1) led = classAt(start);
    else if (end > start) led = lists.of(Array.from({ length: end - start }, (_, i) => classAt(start + i)).join());
    return shapes.data[row] * CLASSES + led;
  }
}

/** A class in the making: what it does, by shared image; undefined where a member was met but not tried. */
interface Making {
  readonly id: number;
  readonly does: Map<number, number | undefined>;
}

/** Classes of exits. */
class ExitSplit {
  private count: number;

  constructor(public classOf: Int32Array) {
    this.count = 1 + classOf.reduce((most, at) => Math.max(most, at), -1);
  }

  /**
   * Each exit joins the first class of its like that it shares a shared image with and does not contradict. (Those that
   * never meet in one probably differ in something they have published there.) Answers with a 1 for each that has another
   * class than before, given the same for nodes, if it is not the first time.
   */
  split({ birth }: Behaviour, rows: Tried, nodeClass: Int32Array, moved?: Int32Array): Int32Array {
    const before = this.classOf;
    const concerned = new Set(before.filter((_, exit) => !moved || rows.leadsTo(exit, moved)));
    const groups = new Map<number, Making[]>();
    this.classOf = before.map((group, exit) => {
      if (!concerned.has(group)) return group;
      const does: [number, number | undefined][] = [[birth.data[exit], undefined]];
      for (let row = rows.starts.data[exit]; row < rows.starts.data[exit + 1]; row++)
        does.push([rows.shared.data[row], rows.key(row, nodeClass)]);
      const classes = groups.get(group) ?? [];
      groups.set(group, classes);
      let home = classes.find((candidate) => fits(candidate, does));
      if (!home) {
        home = { id: classes.length === 0 ? group : this.count++, does: new Map() };
        classes.push(home);
      }
      for (const [shared, key] of does) home.does.set(shared, key ?? home.does.get(shared));
      return home.id;
    });
    return this.classOf.map((at, exit) => (at === before[exit] ? 0 : 1));
  }
}

/** Classes of nodes. */
class NodeSplit {
  classOf: Int32Array;
  private readonly nodes: readonly NodeFacts[];
  private readonly nodeOf: Map<number, number>;
  /** By node: what it leads to, in classes. */
  private readonly leads: string[] = [];
  private moved: Int32Array;
  private count: number;

  constructor({ nodes }: Behaviour) {
    this.nodes = nodes;
    this.nodeOf = new Map(nodes.map(({ body }, i) => [body, i]));
    this.classOf = Int32Array.from(nodes, ({ label }) => label);
    this.moved = this.classOf.map(() => 0);
    this.count = firstFree(this.classOf);
  }

  /** Those that lead to the same stay together. Answers with a 1 for each that has another class than before, given the same for exits. */
  split(exitClass: Int32Array, movedExits: Int32Array): Int32Array {
    const { nodes, nodeOf, leads, moved } = this;
    const before = this.classOf;
    const nodeClass = (body: number): number => before[nodeOf.get(body) ?? -1] ?? -1;
    const concerned = new Set<number>();
    for (const [i, facts] of nodes.entries()) {
      if (leads[i] !== undefined && !this.leadsToMoved(facts, movedExits)) continue;
      leads[i] = leadsOf(facts, (exit) => exitClass[exit], nodeClass).key;
      concerned.add(before[i]);
    }
    const parts = new Map<number, Map<string, number>>();
    this.classOf = before.map((group, i) => {
      if (!concerned.has(group)) return group;
      const known = parts.get(group) ?? new Map<string, number>();
      parts.set(group, known);
      const at = known.get(leads[i]) ?? (known.size === 0 ? group : this.count++);
      known.set(leads[i], at);
      return at;
    });
    this.moved = moved.map((_, i) => (this.classOf[i] === before[i] ? 0 : 1));
    return this.moved;
  }

  private leadsToMoved({ exits, rests, own }: NodeFacts, movedExits: Int32Array): boolean {
    for (let i = 0; i < exits.length; i += 2) if (movedExits[exits[i]] === 1) return true;
    for (let i = 0; i < rests.length; i += 3) if (this.moved[this.nodeOf.get(rests[i]) ?? -1] === 1) return true;
    return own.some((exit) => movedExits[exit] === 1);
  }
}

function fits({ does: known }: Making, does: readonly (readonly [number, number | undefined])[]): boolean {
  let meets = false;
  for (const [shared, key] of does) {
    if (!known.has(shared)) continue;
    meets = true;
    const other = known.get(shared);
    if (key !== undefined && other !== undefined && key !== other) return false;
  }
  return meets;
}

const firstFree = (numbers: Int32Array): number => 1 + numbers.reduce((most, at) => Math.max(most, at), -1);
