import type { Expander } from './expander.ts';
import { grown, Ints } from './ints.ts';
import { LocalWalk } from './local-walk.ts';

/**
 * Local closures, remembered by (agent, image): what an agent can do next that anyone else could notice.
 *
 * A local step reads and writes nothing but its own agent's state, so it commutes with every step of every other agent,
 * whenever it happens; only the visible steps have to be interleaved. A fault that is local is taken at every boundary
 * on the way, which covers "later, while others run" as well. (Ample sets with visible steps kept apart; for interrupts
 * in machine code, Schlich's execution reduction in [mc]square is the closest relative.)
 */
export class Closures {
  /** Triples (image, action, faults on the way): visible steps to be tried. */
  readonly exits = new Ints();
  /** Triples (image, faults, diverges): where the agent can stay. */
  readonly rests = new Ints();
  /** Quadruples (image, action, outcome, faults on the way): local steps that a property remarked on. */
  readonly remarks = new Ints();

  private readonly exitStart = new Ints();
  private readonly restStart = new Ints();
  private readonly remarkStart = new Ints();
  private readonly numbers: Int32Array[];
  private readonly walk: LocalWalk;
  private readonly scratch: Int32Array;

  constructor(expander: Expander) {
    this.numbers = Array.from({ length: expander.agents }, () => new Int32Array(256));
    this.walk = new LocalWalk(expander);
    this.scratch = new Int32Array(expander.agents + 1);
    this.seal();
  }

  /** The number of the closure of `agent` in `tuple`, which depends on tuple[agent] only. */
  of(agent: number, tuple: Int32Array): number {
    const image = tuple[agent];
    const known = image < this.numbers[agent].length ? this.numbers[agent][image] : 0;
    if (known !== 0) return known - 1;
    this.scratch.set(tuple);
    this.walk.run(agent, this.scratch);
    this.record(image);
    this.seal();
    if (image >= this.numbers[agent].length) this.numbers[agent] = grown(this.numbers[agent], image + 1);
    this.numbers[agent][image] = this.exitStart.length - 1;
    return this.exitStart.length - 2;
  }

  firstExit(closure: number): number {
    return this.exitStart.data[closure];
  }

  endExit(closure: number): number {
    return this.exitStart.data[closure + 1];
  }

  firstRest(closure: number): number {
    return this.restStart.data[closure];
  }

  endRest(closure: number): number {
    return this.restStart.data[closure + 1];
  }

  firstRemark(closure: number): number {
    return this.remarkStart.data[closure];
  }

  endRemark(closure: number): number {
    return this.remarkStart.data[closure + 1];
  }

  get bytes(): number {
    let bytes = this.exits.bytes + this.rests.bytes + this.remarks.bytes;
    bytes += this.exitStart.bytes + this.restStart.bytes + this.remarkStart.bytes;
    for (const numbers of this.numbers) bytes += numbers.byteLength;
    return bytes;
  }

  private record(start: number): void {
    const { walk } = this;
    const image = walk.images.data;
    const faults = walk.faults.data;
    for (let i = 0; i < walk.exits.length; i += 2) {
      const at = walk.exits.data[i];
      this.exits.push(image[at]);
      this.exits.push(walk.exits.data[i + 1]);
      this.exits.push(faults[at]);
    }
    walk.rests((at, diverges) => {
      if (image[at] === start) return;
      this.rests.push(image[at]);
      this.rests.push(faults[at]);
      this.rests.push(diverges ? 1 : 0);
    });
    for (let i = 0; i < walk.remarks.length; i += 3) {
      const at = walk.remarks.data[i];
      this.remarks.push(image[at]);
      this.remarks.push(walk.remarks.data[i + 1]);
      this.remarks.push(walk.remarks.data[i + 2]);
      this.remarks.push(faults[at]);
    }
  }

  private seal(): void {
    this.exitStart.push(this.exits.length);
    this.restStart.push(this.rests.length);
    this.remarkStart.push(this.remarks.length);
  }
}
