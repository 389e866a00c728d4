import type { EventName, Events } from './bus.ts';

/**
 * Properties are data: whoever knows the contract writes them, an explorer interprets them. Their functions read state through accessors (which counts into the step's footprint) and may write ghost state only.
 */
export type Property = EventProperty | InvariantProperty | BottomProperty | GoalProperty | ResponseProperty;

/** Checked whenever one of the events is dispatched; answers with the violation in words, or undefined. */
export interface EventProperty {
  readonly kind: 'event';
  readonly name: string;
  readonly on: readonly EventName[];
  /** The violation in words, or undefined. */
  check(payload: Events[EventName], event: EventName): string | undefined;
}

/** Checked in every state. */
export interface InvariantProperty {
  readonly kind: 'invariant';
  readonly name: string;
  /** The violation in words, or undefined. */
  check(): string | undefined;
}

/** Checked in the states of bottom components (of the graph without fault edges) in which the machine did not stop. */
export interface BottomProperty {
  readonly kind: 'bottom';
  readonly name: string;
  /** The violation in words, or undefined. */
  check(): string | undefined;
}

/** Something that must be possible: every key of `goals` has to be reached on some path, else a verdict is vacuous. */
export interface GoalProperty {
  readonly kind: 'goal';
  readonly name: string;
  readonly on: readonly EventName[];
  /** The key that this event reaches, or undefined. */
  reach(payload: Events[EventName], event: EventName): string | undefined;
  /** The keys that have to be reached. */
  goals(): readonly string[];
}

/** Liveness: what is pending for an agent must in the end not be. */
export interface ResponseProperty {
  readonly kind: 'response';
  readonly name: string;
  /** Whether something is pending for this agent. */
  pending(agent: number): boolean;
}
