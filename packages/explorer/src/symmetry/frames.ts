import type { Roles } from '@checkstop/kernel';
import type { Bodies } from '../merge/bodies.ts';
import { Numbering } from '../numbering.ts';

/** Agents that can be renamed: a renaming is a number with one digit each. */
export const MAX_RENAMED = 10;
/** Bytes of a renaming that is remembered, and of a map of them, roughly. */
const ENTRY_BYTES = 60;
const MAP_BYTES = 200;

/** Shared images with agents renamed, and what they say of each agent, looked up once. */
export class Frames {
  /** There was something that cannot be renamed: states are not alike that look alike. */
  rigid = false;
  private readonly rolesOf: Int32Array[] = [];
  private readonly numbers = new Numbering();
  private readonly renamings: Map<number, number>[] = [];
  private remembered = 0;
  /** All agents' bodies. Each sees the shared image in which it and the first agent have changed names: what they see can be compared. */
  readonly bodies: Bodies;

  constructor(
    private readonly source: Pick<Roles, 'of' | 'renamed'>,
    readonly agents: number,
  ) {
    const identity = Array.from({ length: agents }, (_, agent) => agent);
    const swaps = identity.map((agent) => identity.map((a) => (a === 0 ? agent : a === agent ? 0 : a)));
    this.bodies = {
      of: (agent, image) => image * agents + agent,
      agentOf: (body) => body % agents,
      imageOf: (body) => Math.floor(body / agents),
      seen: (agent, shared) => (agent === 0 ? shared : this.renamed(shared, swaps[agent])),
    };
  }

  /** By agent: what a shared image says of it, in numbers that are equal where it says the same. */
  roles(shared: number): Int32Array {
    this.rolesOf[shared] ??= Int32Array.from(this.source.of(shared), (words) => this.numbers.of(words));
    return this.rolesOf[shared];
  }

  /** The shared image that says of `to[a]` what this one says of agent `a`. */
  renamed(shared: number, to: readonly number[]): number {
    let key = 0;
    let isSame = true;
    for (let agent = 0; agent < to.length; agent++) {
      key = key * MAX_RENAMED + to[agent];
      isSame &&= to[agent] === agent;
    }
    if (isSame) return shared;
    this.renamings[shared] ??= new Map();
    const known = this.renamings[shared].get(key);
    if (known !== undefined) return known;
    let image = this.source.renamed(shared, to);
    if (image < 0) {
      this.rigid = true;
      image = shared;
    }
    this.renamings[shared].set(key, image);
    this.remembered++;
    return image;
  }

  /** Renamings, and what is said of agents, that were new. */
  get learnt(): number {
    return this.remembered + this.numbers.size;
  }

  get bytes(): number {
    const { remembered, renamings, numbers, rolesOf, agents } = this;
    const roles = numbers.bytes + rolesOf.length * (MAP_BYTES + 4 * agents);
    return ENTRY_BYTES * remembered + MAP_BYTES * renamings.length + roles;
  }
}
