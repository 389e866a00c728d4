import type { EventName, Events } from './bus.ts';

/**
 * Properties are data: whoever knows the contract writes them, an explorer interprets them. Their functions read state through accessors (which counts into the step's footprint) and may write ghost state only.
 */
export type Property = EventProperty | InvariantProperty | BottomProperty | GoalProperty | ResponseProperty;

/** What every property has. */
export interface NamedProperty {
  readonly name: string;
  /** What it asks, in a sentence or two, with the section it comes from: the help text of reports. */
  readonly description?: string;
}

/** Checked whenever one of the events is dispatched; answers with the violation in words, or undefined. */
export interface EventProperty extends NamedProperty {
  readonly kind: 'event';
  readonly on: readonly EventName[];
  /** The violation in words, or undefined. */
  check(payload: Events[EventName], event: EventName): string | undefined;
}

/** Checked in every state. */
export interface InvariantProperty extends NamedProperty {
  readonly kind: 'invariant';
  /** The violation in words, or undefined. */
  check(): string | undefined;
}

/** Checked in the states of bottom components (of the graph without fault edges) in which the machine did not stop. */
export interface BottomProperty extends NamedProperty {
  readonly kind: 'bottom';
  /** The violation in words, or undefined. */
  check(): string | undefined;
}

/** Something that must be possible: every key of `goals` has to be reached on some path, else a verdict is vacuous. */
export interface GoalProperty extends NamedProperty {
  readonly kind: 'goal';
  readonly on: readonly EventName[];
  /** The key that this event reaches, or undefined. */
  reach(payload: Events[EventName], event: EventName): string | undefined;
  /** The keys that have to be reached. */
  goals(): readonly string[];
}

/** Liveness: what is pending for an agent must in the end not be. */
export interface ResponseProperty extends NamedProperty {
  readonly kind: 'response';
  /** Whether something is pending for this agent. */
  pending(agent: number): boolean;
}
