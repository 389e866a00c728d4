import type { Arena } from './arena.ts';
import { GRANULE } from './descriptor.ts';
import type { Images } from './images.ts';

/** A granule of shared state that speaks of agents. */
interface Mention {
  readonly address: number;
  readonly says: 'agent' | 'agents' | 'byAgent';
  /** Of `byAgent`: the agent that it is about. */
  readonly agent: number;
  /** Number of the field, the element of an array included unless that is the agent. */
  readonly field: number;
  readonly ghost: boolean;
  /** Whether the record counts as constant. */
  isConstant(): boolean;
}

/**
 * What shared images say of agents: who holds a lock, who waits, in which place of a queue. Fields declared as `agentId`,
 * `agentSet` and `byAgent` tell. So agents can be renamed in an image, and images be recognised that differ in nothing else.
 */
export class Roles {
  private readonly mentions: readonly Mention[];
  private readonly addresses: readonly number[];
  private readonly agents: number;
  private readonly shared: number;

  /** Use {@link Images.roles}. */
  constructor(
    private readonly arena: Arena,
    private readonly images: Images,
  ) {
    this.agents = arena.layout.agents;
    this.shared = this.agents;
    this.mentions = mentionsIn(arena);
    this.addresses = this.mentions.map(({ address }) => address);
  }

  /** By agent: what an image says of it, in words that are equal for agents of which it says the same. */
  of(image: number): string[] {
    const { mentions, agents } = this;
    const words = this.wordsOf(image);
    const said: string[][] = Array.from({ length: agents }, () => []);
    for (const [i, { says, agent, field }] of mentions.entries()) {
      const [low, high] = [words[2 * i], words[2 * i + 1]];
      if (says === 'byAgent') said[agent].push(`${field}:${low},${high}`);
      else if (says === 'agents') for (let a = 0; a < agents; a++) said[a].push((low >>> a) & 1 ? `${field}` : '');
      else said[low - 1]?.push(`${field}`);
    }
    return said.map((list) => list.join(' '));
  }

  /**
   * The image that says of agent `to[a]` what this one says of agent `a`; -1 if there can be none, because a record that counts
   * as constant says something of agents that have to be renamed, or because some value there speaks of agents that do not exist.
   * The arena is left with that image in it.
   */
  renamed(image: number, to: readonly number[]): number {
    const { arena, images, mentions, shared } = this;
    const words = this.wordsOf(image);
    if (!this.isSense(words)) return -1;
    images.put(shared, image);
    for (const [i, mention] of mentions.entries()) {
      const { address, says, agent, field, ghost } = mention;
      let [low, high] = [words[2 * i], words[2 * i + 1]];
      if (says === 'byAgent') {
        const from = mentions.findIndex((other) => other.field === field && to[other.agent] === agent);
        [low, high] = [words[2 * from], words[2 * from + 1]];
      } else if (says === 'agents') low = renamedSet(low, to);
      else if (low > 0) low = to[low - 1] + 1;
      if (low === words[2 * i] && high === words[2 * i + 1]) continue;
      if (mention.isConstant()) return -1;
      arena.writeGranule(address, low, high, ghost, 0);
    }
    for (const lease of arena.leases) lease.follow();
    return images.take(shared);
  }

  /** Accessors see to that, but whoever has the address of a record may write anything. */
  private isSense(words: readonly number[]): boolean {
    const { mentions, agents } = this;
    return mentions.every(({ says }, i) => {
      const [low, high] = [words[2 * i], words[2 * i + 1]];
      if (says === 'agent') return high === 0 && low >= 0 && low <= agents;
      return says !== 'agents' || (high === 0 && low >>> agents === 0);
    });
  }

  private wordsOf(image: number): number[] {
    const words: number[] = [];
    this.images.peek(this.shared, image, this.addresses, words);
    return words;
  }
}

function mentionsIn({ layout, freezable }: Arena): Mention[] {
  const mentions: Mention[] = [];
  let fields = 0;
  for (const { owner, kind, fields: types, offsets, blockOffset } of layout.records) {
    if (owner !== 'shared') continue;
    const base = layout.sharedBlock + blockOffset;
    const record = freezable.find((candidate) => candidate.overlaps(base, base + GRANULE));
    for (const [name, type] of Object.entries(types)) {
      const element = type.length === undefined ? type : type.element;
      const isByAgent = type.length !== undefined && type.byAgent === true;
      const says = isByAgent ? 'byAgent' : element.kind;
      if (says !== 'agent' && says !== 'agents' && says !== 'byAgent') continue;
      for (let i = 0; i < (type.length ?? 1); i++) {
        if (i === 0 || !isByAgent) fields++;
        mentions.push({
          address: base + (offsets.get(name) ?? 0) + i * GRANULE,
          says,
          agent: isByAgent ? i : -1,
          field: fields,
          ghost: kind === 'ghost',
          isConstant: () => record?.isConstant === true,
        });
      }
    }
  }
  return mentions;
}

const renamedSet = (set: number, to: readonly number[]): number =>
  to.reduce((renamed, other, agent) => ((set >>> agent) & 1 ? renamed | (1 << other) : renamed), 0);
