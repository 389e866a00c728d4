import { type Arena, CheckstopError } from '@checkstop/kernel';
import { type Interpreter, instantiateInterpreter } from './interpreter/generate.ts';
import { logReserve } from './interpreter/granule.ts';
import type { Host } from './interpreter/host.ts';
import type { Addresses } from './interpreter/plan.ts';
import { decodeIndex, ROWS } from './isa/table.ts';

/** Who listens while an instruction executes. */
type Listeners = Omit<Host, 'decode'>;

/** The way into generated code, and from there out to listeners and back. */
export class Engine {
  private readonly builds: { logged?: Interpreter; plain?: Interpreter } = {};
  private readonly host: Host;
  private telling = false;

  constructor(
    private readonly arena: Arena,
    private readonly agents: number,
    private readonly addresses: Addresses,
    listeners: Listeners,
  ) {
    this.host = {
      decode: (word) => {
        const index = decodeIndex(word);
        return index < 0 ? ROWS.length : index;
      },
      watched: this.aside(listeners.watched),
      interrupt: this.aside(listeners.interrupt),
      interruptReturn: this.aside(listeners.interruptReturn),
      slbInvalidated: this.aside(listeners.slbInvalidated),
    };
  }

  /**
   * The interpreter for the arena's state of the moment: one that logs, or one that does not, each made when first used.
   * The log has room for what it writes before it looks again.
   *
   * @throws CheckstopError VCPU_BUSY in the middle of an instruction; ARENA_LOG_FULL
   */
  enter(): Interpreter {
    if (this.telling)
      throw new CheckstopError(
        'VCPU_BUSY',
        'A listener ran or interrupted a vCPU in the middle of an instruction; note what is to be done, and do it once Vcpu.run has returned.',
      );
    this.makeRoom();
    const build = this.arena.logging ? 'logged' : 'plain';
    this.builds[build] ??= instantiateInterpreter(
      { logged: build === 'logged', agents: this.agents },
      this.arena.memory,
      this.addresses,
      this.host,
    );
    return this.builds[build];
  }

  /** What a listener writes goes to the log as well, and would eat the room that the rest of the instruction was promised. */
  private aside<A extends number[]>(tell: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      this.telling = true;
      try {
        tell(...args);
      } finally {
        this.telling = false;
      }
      this.makeRoom();
    };
  }

  private makeRoom(): void {
    this.arena.makeRoom(logReserve(this.agents));
  }
}
