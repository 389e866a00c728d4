import { CheckstopError } from '../error.ts';

/**
 * Typed descriptors of state. Each field, and each element of an array, takes one granule (eight bytes) of the arena: undo log, hash, images and diff all work by granule.
 */

/** Bytes of a granule, the unit of logging, hashing and diffing. */
export const GRANULE = 8;

/** Architectural state is saved and hashed; ghost state (what a property remembers) is saved but not hashed and may not feed back; derived areas are neither. */
export type StateKind = 'architectural' | 'ghost';

/** Whose state it is: one record for the machine, or one for each agent. */
export type StateOwner = 'shared' | 'perAgent';

/** How a field's JavaScript value maps to the 32-bit halves of its granule. */
export interface FieldType<T> {
  readonly kind: 'number' | 'bigint' | 'boolean' | 'enum' | 'agent' | 'agents';
  readonly length?: undefined;
  readonly labels?: readonly string[];
  /** An array of `n` of these. */
  array(n: number): ArrayType<T>;
  /** Only for type inference. */
  readonly value?: T;
}

/** An array field; element `i` is read with `get(i)` and written with `set(i, v)`. */
export interface ArrayType<T> {
  readonly element: FieldType<T>;
  readonly length: number;
  /** Element `a` is about agent `a`: see {@link byAgent}. */
  readonly byAgent?: true;
}

/** The fields of a record: name to type. */
export type Fields = Readonly<Record<string, FieldType<unknown> | ArrayType<unknown>>>;

/** Read and write access to an array field. */
export interface Cells<T> {
  readonly length: number;
  /** Reads an element. Throws STATE_NO_SUCH_ELEMENT. */
  get(index: number): T;
  /** Writes an element. Throws STATE_NO_SUCH_ELEMENT, STATE_BAD_VALUE. */
  set(index: number, value: T): void;
}

/** The accessor object of a record: plain properties that read and write the arena. */
export type Accessor<F extends Fields> = {
  -readonly [K in keyof F as F[K] extends FieldType<unknown> ? K : never]: F[K] extends FieldType<infer T> ? T : never;
} & {
  readonly [K in keyof F as F[K] extends ArrayType<unknown> ? K : never]: F[K] extends ArrayType<infer T>
    ? Cells<T>
    : never;
};

function field<T>(kind: FieldType<T>['kind'], labels?: readonly string[]): FieldType<T> {
  const type: FieldType<T> = { kind, ...(labels && { labels }), array: (n) => ({ element: type, length: n }) };
  return type;
}

/** An unsigned number of up to 32 bits; starts at 0. */
export const u32: FieldType<number> = field('number');
/** An unsigned 64-bit number, a bigint in JavaScript; starts at 0n. */
export const u64: FieldType<bigint> = field('bigint');
/** A truth value; starts false. */
export const bool: FieldType<boolean> = field('boolean');
/** The index of an agent, or -1 for none; starts at -1. */
export const agentId: FieldType<number> = field('agent');
/** A set of agents as a bit mask (bit a = agent a); starts empty. */
export const agentSet: FieldType<number> = field('agents');

/**
 * In a shared record, one of these for each agent: element `a` is about agent `a`. Like `agentId` and `agentSet` it tells who
 * is spoken of, so that states can be recognised which differ in nothing but which agent is which.
 *
 * @throws CheckstopError STATE_BAD_FIELD for elements that are agents themselves
 */
export function byAgent<T>(element: FieldType<T>, agents: number): ArrayType<T> {
  if (element.kind === 'agent' || element.kind === 'agents')
    throw new CheckstopError(
      'STATE_BAD_FIELD',
      'byAgent takes elements that say something of one agent: what agents are to one another goes into perAgent state.',
    );
  return { element, length: agents, byAgent: true };
}

/**
 * One of the given words; starts at the first.
 *
 * @throws CheckstopError STATE_BAD_FIELD for no words, or the same word twice
 */
export function enumOf<const L extends readonly string[]>(labels: L): FieldType<L[number]> {
  if (labels.length === 0 || new Set(labels).size < labels.length)
    throw new CheckstopError(
      'STATE_BAD_FIELD',
      `enumOf takes words, each once; it was given ${JSON.stringify(labels)}.`,
    );
  return field('enum', labels);
}
