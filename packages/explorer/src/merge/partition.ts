import type { StepMemo } from '../memo.ts';
import type { Behaviour } from './behaviour.ts';
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
 * exits and rests, two exits are one if they do the same in every shared image in which both were tried. What was not
 * tried yet counts as equal, so the answer is a guess that the search has to check.
 *
 * Partition refinement: everything that looks alike is one at first, and is split until nothing contradicts.
 */
export function refine(behaviour: Behaviour, memo: StepMemo): Partition {
  const { nodes, exitLabel } = behaviour;
  let parts: Partition = {
    nodes: Int32Array.from(nodes, ({ label }) => label),
    exits: exitLabel.data.slice(0, exitLabel.length),
  };
  for (let classes = -1; ; ) {
    const byImage = imagesOf(behaviour, parts.nodes);
    const exits = splitExits(behaviour, memo, parts.exits, byImage);
    const nodes = splitNodes(behaviour, parts.nodes, exits.classOf, byImage);
    parts = { nodes: nodes.classOf, exits: exits.classOf };
    if (exits.count + nodes.count === classes) return parts;
    classes = exits.count + nodes.count;
  }
}

type Split = { readonly classOf: Int32Array; readonly count: number };

/** Node class by image. */
function imagesOf({ nodes }: Behaviour, classOf: Int32Array): (image: number) => number {
  const table = new Map(nodes.map(({ image }, i) => [image, classOf[i]]));
  return (image) => table.get(image) ?? -1;
}

function splitNodes(
  { nodes }: Behaviour,
  before: Int32Array,
  exits: Int32Array,
  byImage: (image: number) => number,
): Split {
  const keys = new Map<string, number>();
  const classOf = Int32Array.from(nodes, (facts, i) => {
    const { key } = leadsOf(facts, (exit) => exits[exit], byImage);
    return numbered(keys, `${before[i]}|${key}`);
  });
  return { classOf, count: keys.size };
}

/** A class in the making: what it does, by shared image; undefined where a member was met but not tried. */
interface Making {
  readonly id: number;
  readonly does: Map<number, number | undefined>;
}

/**
 * Each exit joins the first class of its like that it shares a shared image with and does not contradict. (Those that never
 * meet in one probably differ in something they have published there.)
 */
function splitExits(
  behaviour: Behaviour,
  memo: StepMemo,
  before: Int32Array,
  byImage: (image: number) => number,
): Split {
  const groups = new Map<number, Making[]>();
  const keys = new Map<string, number>();
  let count = 0;
  const classOf = before.map((group, exit) => {
    const does: [number, number | undefined][] = [[behaviour.birth.data[exit], undefined]];
    for (const [shared, leaf] of behaviour.contexts[exit])
      does.push([shared, numbered(keys, rowKey(behaviour, memo, exit, shared, leaf, byImage))]);
    const classes = groups.get(group) ?? [];
    groups.set(group, classes);
    let home = classes.find((candidate) => fits(candidate, does));
    if (!home) {
      home = { id: count++, does: new Map() };
      classes.push(home);
    }
    for (const [shared, key] of does) home.does.set(shared, key ?? home.does.get(shared));
    return home.id;
  });
  return { classOf, count };
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

/** What an exit does in a shared image, in classes. */
function rowKey(
  { agent, exitImage }: Behaviour,
  memo: StepMemo,
  exit: number,
  shared: number,
  leaf: number,
  byImage: (image: number) => number,
): string {
  if (leaf < 0) return 'throws';
  const outcomes: string[] = [];
  for (let outcome = memo.start(leaf); outcome < memo.end(leaf); outcome++) {
    const own = memo.image(outcome, agent);
    const written = memo.image(outcome, memo.agents);
    const next = byImage(own < 0 ? exitImage.data[exit] : own);
    outcomes.push(`${next},${written < 0 ? shared : written},${said(memo, outcome)}`);
  }
  return outcomes.join(';');
}

function numbered(numbers: Map<string, number>, text: string): number {
  let number = numbers.get(text);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(text, number);
  }
  return number;
}
