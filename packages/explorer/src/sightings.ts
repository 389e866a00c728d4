import type { Leg } from './path.ts';
import type { Note } from './steps.ts';

/** A step that was seen to violate a property, and the state that was being expanded when it was. */
interface Sighting {
  readonly state: number;
  readonly leg: Leg;
}

/** What steps were seen to violate, by property. */
export class Sightings {
  private readonly sightings = new Map<number, Sighting>();

  constructor(
    /** Which one of each property is kept. */
    private readonly kept: 'first' | 'last',
  ) {}

  /** Indices of the properties. */
  get properties(): Iterable<number> {
    return this.sightings.keys();
  }

  of(property: number): Sighting | undefined {
    return this.sightings.get(property);
  }

  /** A step was taken from this state. */
  add({ violations }: Note, state: number, leg: Leg): void {
    for (const { property } of violations)
      if (this.kept === 'last' || !this.sightings.has(property)) this.sightings.set(property, { state, leg });
  }

  clear(): void {
    this.sightings.clear();
  }
}
