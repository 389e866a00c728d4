import { grown } from '../ints.ts';
import type { Behaviour, NodeFacts } from './behaviour.ts';
import { type Leads, leadsOf } from './leads.ts';
import type { Partition } from './partition.ts';

/** Bytes of a class of nodes beside its lists and its key, roughly. */
const CLASS_BYTES = 250;

/** Nodes of one kind that are taken for one. */
export interface NodeClass extends Leads {
  /** Those of the first member. */
  readonly facts: NodeFacts;
  /** What local steps of this class violate was told. */
  told: boolean;
}

/** Exits of one kind that are taken for one. */
export interface ExitClass {
  readonly kind: number;
  readonly action: number;
  readonly label: number;
  readonly members: number[];
  /** Shared images in which a member was met first. */
  readonly births: Set<number>;
  /** By shared image: 1 + the number of the row, 0 where it was not tried. */
  rows: Int32Array;
  /** Shared images in which it was tried. */
  readonly domain: number[];
}

/**
 * Which bodies and exits are taken for one, by *kind*: each kind has a behaviour of its own. What a partition says about
 * those that it knows is followed, as they are met; for others it is guessed.
 */
export class Classes {
  /** Members that joined a class after it was tried. */
  readonly unchecked: { readonly exit: number; readonly at: number }[] = [];
  private readonly exits: ExitClass[] = [];
  private readonly kinds: PerKind[];

  constructor(
    private readonly behaviours: readonly Behaviour[],
    private readonly partitions: readonly Partition[],
    /** The shared image in which bodies are met. */
    public shared: number,
  ) {
    this.kinds = behaviours.map(() => new PerKind());
  }

  node(kind: number, at: number): NodeClass {
    return this.kinds[kind].classes[at];
  }

  exit(at: number): ExitClass {
    return this.exits[at];
  }

  /** The class of an exit that was met, or -1. */
  ofExit(kind: number, exit: number): number {
    const { exitAt } = this.kinds[kind];
    return exit < exitAt.length ? exitAt[exit] - 1 : -1;
  }

  /** The bodies of a kind that were met, with their classes. */
  *members(kind: number): Iterable<readonly [body: number, at: number]> {
    const { classAt } = this.kinds[kind];
    for (let body = 0; body < classAt.length; body++) if (classAt[body] !== 0) yield [body, classAt[body] - 1];
  }

  /** The class of a body; one that is new joins, if it can, the class that it is expected to be `like`. */
  of(kind: number, body: number, like = -1): number {
    const mine = this.kinds[kind];
    const known = body < mine.classAt.length ? mine.classAt[body] : 0;
    if (known !== 0) return known - 1;
    const facts = this.behaviours[kind].node(body, this.shared);
    // Those that it leads to lead back: it has its class, of its own, before they ask.
    if (facts.returns) mine.assign(body, mine.count++);
    const model = like < 0 ? undefined : mine.classes[like];
    const leads = leadsOf(
      facts,
      (exit) => this.home(kind, exit, model),
      (rest) => this.of(kind, rest),
    );
    const at = facts.returns ? mine.classAt[body] - 1 : (mine.byKey.get(leads.key) ?? mine.count++);
    mine.byKey.set(leads.key, at);
    if (!mine.classes[at]) {
      mine.classes[at] = { ...leads, facts, told: false };
      mine.classBytes += CLASS_BYTES + 2 * leads.key.length + 8 * (leads.exits.length + leads.rests.length);
    }
    mine.assign(body, at);
    return at;
  }

  get bytes(): number {
    let bytes = 0;
    for (const { rows, members, domain, births } of this.exits)
      bytes += rows.byteLength + 8 * (members.length + domain.length) + 40 * births.size;
    for (const { classAt, exitAt, classBytes } of this.kinds)
      bytes += classAt.byteLength + exitAt.byteLength + classBytes;
    return bytes;
  }

  /** The class of an exit; one that is new joins one, or begins its own. */
  private home(kind: number, exit: number, model: NodeClass | undefined): number {
    const known = this.ofExit(kind, exit);
    if (known >= 0) return known;
    const at = this.guess(kind, exit, model) ?? this.begin(kind, exit);
    const { members, births, domain } = this.exits[at];
    members.push(exit);
    births.add(this.behaviours[kind].birth.data[exit]);
    const mine = this.kinds[kind];
    if (exit >= mine.exitAt.length) mine.exitAt = grown(mine.exitAt, exit + 1);
    mine.exitAt[exit] = at + 1;
    if (domain.length > 0) this.unchecked.push({ exit, at });
    return at;
  }

  /**
   * What the partition says; else the class of the model's exits that looks the same; else one that looks the same and
   * was met in the same shared image. (Exits that are never met in one probably differ in what they have published there.)
   */
  private guess(kind: number, exit: number, model: NodeClass | undefined): number | undefined {
    const mine = this.kinds[kind];
    const parts = this.partitions[kind]?.exits;
    if (parts && exit < parts.length) return mine.byPart.get(parts[exit]);
    const { exitLabel, birth } = this.behaviours[kind];
    const label = exitLabel.data[exit];
    for (let i = 0; model && i < model.exits.length; i += 2)
      if (this.exits[model.exits[i]].label === label) return model.exits[i];
    return mine.byLabel.get(label)?.find((at) => this.exits[at].births.has(birth.data[exit]));
  }

  private begin(kind: number, exit: number): number {
    const { exitLabel, exitAction } = this.behaviours[kind];
    const mine = this.kinds[kind];
    const label = exitLabel.data[exit];
    const action = exitAction.data[exit];
    const fresh = {
      kind,
      action,
      label,
      members: [],
      births: new Set<number>(),
      rows: new Int32Array(64),
      domain: [],
    };
    const at = this.exits.push(fresh) - 1;
    const part = this.partitions[kind]?.exits[exit];
    if (part !== undefined) mine.byPart.set(part, at);
    const alike = mine.byLabel.get(label);
    if (alike) alike.push(at);
    else mine.byLabel.set(label, [at]);
    return at;
  }
}

class PerKind {
  /** By body: 1 + class. */
  classAt = new Int32Array(256);
  readonly classes: NodeClass[] = [];
  /** Bytes of those, roughly. */
  classBytes = 0;
  /** Classes of nodes, those in the making included. */
  count = 0;
  readonly byKey = new Map<string, number>();
  /** By exit: 1 + class. */
  exitAt = new Int32Array(256);
  /** By looks: classes of exits. */
  readonly byLabel = new Map<number, number[]>();
  /** By part of the partition: the class of exits that it became. */
  readonly byPart = new Map<number, number>();

  assign(body: number, at: number): void {
    if (body >= this.classAt.length) this.classAt = grown(this.classAt, body + 1);
    this.classAt[body] = at + 1;
  }
}
