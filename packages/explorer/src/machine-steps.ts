import { type Answer, CheckstopError, type Images, type Machine, type Roles, SHARED_BIT } from '@checkstop/kernel';
import type { Observed } from './merge/observed.ts';
import { OwnershipChanged } from './ownership.ts';
import type { Action, Execution, Outcome, Steps, Violation } from './steps.ts';
import type { Watch } from './watch.ts';

/** Combinations of answers to the choices inside one step; more than a step that means well can ask for. */
const MAX_OUTCOMES = 4096;

/** Bytes that a text takes beside two for each character, roughly. */
const PLACE_BYTES = 40;

/** The machine as a source of transitions: states are put into its arena, steps really executed, images taken out. */
export class MachineSteps implements Steps {
  readonly agents: number;
  readonly actions: readonly Action[];
  /** The state the machine was in, as a tuple of images. */
  readonly initial: Int32Array;
  /** Some invariant read more than ever before: whatever was executed until then took itself for none of its business. */
  invariantReadsGrew = false;
  private readonly invariants: readonly { readonly index: number; check(): string | undefined }[];
  /** By agent and image: what its next step is, in words. */
  private readonly places: string[][];
  private placeBytes = 0;
  private readonly images: Images;
  /** What shared images say of agents. */
  readonly roles: Roles;

  /** @param invariantReads by property: the owners that an invariant read in any state so far; grows */
  constructor(
    private readonly machine: Machine,
    private readonly watch: Watch,
    private readonly withFaults: boolean,
    private readonly invariantReads: number[],
  ) {
    this.agents = machine.agents.length;
    this.actions = machine.actions.map((name, action) => ({ name, fault: machine.cost(action) === 'fault' }));
    this.invariants = [...watch.properties.entries()].flatMap(([index, property]) =>
      property.kind === 'invariant' ? [{ index, check: () => property.check() }] : [],
    );
    this.places = machine.agents.map(() => []);
    this.images = machine.arena.images();
    this.roles = this.images.roles();
    this.initial = Int32Array.from({ length: this.agents + 1 }, (_, owner) => this.images.take(owner));
  }

  /** Invariants (by index) that do not even hold in the initial state. */
  get brokenAtStart(): number[] {
    this.put(this.initial);
    const checked = this.checkInvariants(0);
    this.invariantReadsGrew = false;
    return checked.flatMap(({ violation }) => (violation ? [violation.property] : []));
  }

  /** Puts a state into the arena, the shared image first: it tells what belongs to whom. */
  put(tuple: Int32Array): void {
    for (let owner = this.agents; owner >= 0; owner--) this.images.put(owner, tuple[owner]);
  }

  /** The next step of an agent at an image, in words. */
  placeOf(agent: number, image: number): string {
    if (this.places[agent][image] === undefined) this.images.put(agent, image);
    return this.place(agent, image);
  }

  /** What bottom properties see in an image of an agent. */
  seen(observed: Observed, agent: number, image: number): string {
    return observed.of(this.images, agent, image);
  }

  /** Different images so far, by owner; the shared owner comes last. */
  get imageCounts(): number[] {
    return Array.from(this.initial, (_, owner) => this.images.count(owner));
  }

  get bytes(): number {
    return this.images.bytes + this.placeBytes;
  }

  /** @throws OwnershipChanged when a page turned out to have another owner than believed  */
  execute(agent: number, action: number, tuple: Int32Array): Execution {
    const { machine } = this;
    const outcomes: Outcome[] = [];
    if (this.actions[action].fault && !this.withFaults) return { touched: 0, outcomes };
    this.put(tuple);
    // That nothing can happen any more is a fact about the shared state, although nobody looks at it there.
    if (machine.stopped) return { touched: (1 << agent) | (1 << this.agents), outcomes };
    let available = false;
    let touched = this.footprint(agent, () => {
      available = machine.available(agent, action);
    });
    if (available) this.cover(agent, action, tuple[agent]);
    for (let answers = available ? NO_ANSWERS : undefined; answers; ) {
      if (outcomes.length > 0) this.put(tuple);
      const { outcome, owners, next } = this.takeOnce(agent, action, answers);
      outcomes.push(outcome);
      touched |= owners;
      answers = next;
      if (outcomes.length > MAX_OUTCOMES) throw tooManyChoices(machine, agent);
    }
    return { touched, outcomes };
  }

  /** Remembers for the coverage where an agent was, and what fault struck it there. */
  private cover(agent: number, action: number, image: number): void {
    const place = this.place(agent, image);
    if (this.actions[action].fault) this.watch.cover(place, this.actions[action].name);
    else this.watch.cover(place);
  }

  private place(agent: number, image: number): string {
    const known = this.places[agent][image];
    if (known !== undefined) return known;
    const place = this.machine.describeAgent(agent);
    this.places[agent][image] = place;
    this.placeBytes += PLACE_BYTES + 2 * place.length;
    return place;
  }

  private takeOnce(agent: number, action: number, answers: readonly number[]) {
    const { machine, watch } = this;
    let asked: readonly Answer[] = [];
    watch.begin();
    let owners = this.footprint(agent, () => {
      asked = machine.step(agent, action, answers);
    });
    const written = this.owners(machine.arena.touchedWrite);
    const heard = watch.heard();
    const broken: Violation[] = [];
    for (const { owners: read, everRead, violation } of this.checkInvariants(agent)) {
      if ((everRead & written) === 0) continue;
      owners |= read;
      if (violation) broken.push(violation);
    }
    const note = { violations: [...heard.violations, ...broken], goals: heard.goals };
    const images = Array.from({ length: this.agents + 1 }, (_, o) => ((written >> o) & 1 ? this.images.take(o) : -1));
    const outcome: Outcome = {
      images,
      answers: asked.map((choice) => choice.answer),
      note: note.violations.length + note.goals.length > 0 ? note : undefined,
      stopped: machine.stopped !== undefined,
    };
    return { outcome, owners, next: nextAnswers(asked) };
  }

  /**
   * What each invariant reads and says. A step that wrote nothing of what it reads in any state cannot have broken it;
   * any other step depends on all that it reads here. Here alone will not do: what it reads may depend on what it finds.
   */
  private checkInvariants(agent: number): { owners: number; everRead: number; violation: Violation | undefined }[] {
    return this.invariants.map(({ index, check }) => {
      let text: string | undefined;
      const owners = this.footprint(agent, () => {
        text = check();
      });
      const before = this.invariantReads[index] ?? 0;
      const everRead = before | owners;
      if (everRead !== before) this.invariantReadsGrew = true;
      this.invariantReads[index] = everRead;
      return { owners, everRead, violation: text === undefined ? undefined : { property: index, text } };
    });
  }

  /** Does something on behalf of an agent, and answers with the owners whose state it touched. */
  private footprint(agent: number, act: () => void): number {
    const { arena } = this.machine;
    arena.track(agent);
    act();
    if (arena.conflict !== -1) throw new OwnershipChanged(arena.conflict, agent);
    return this.owners(arena.touchedRead | arena.touchedWrite);
  }

  /** The arena's mask with the shared owner's bit moved to its place in the tuple. */
  private owners(mask: number): number {
    return (mask & ~SHARED_BIT) | (mask & SHARED_BIT ? 1 << this.agents : 0);
  }
}

const NO_ANSWERS: readonly number[] = [];

/** The next combination of answers, the last choice counting fastest, or undefined after the last one. */
function nextAnswers(asked: readonly Answer[]): readonly number[] | undefined {
  for (let i = asked.length - 1; i >= 0; i--) {
    if (asked[i].answer + 1 >= asked[i].count) continue;
    return [...asked.slice(0, i).map((choice) => choice.answer), asked[i].answer + 1];
  }
  return undefined;
}

function tooManyChoices(machine: Machine, agent: number): CheckstopError {
  const what = machine.describeAgent(agent);
  return new CheckstopError(
    'EXPLORE_TOO_MANY_CHOICES',
    `One step of ${machine.agents[agent].name} (${what}) has more than ${MAX_OUTCOMES} combinations of choices; ask fewer in a step, or spread them over several steps.`,
    { agent, what },
  );
}
