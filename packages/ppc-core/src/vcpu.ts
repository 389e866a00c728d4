import { type Accessor, type Arena, type Bus, CheckstopError, type State } from '@checkstop/kernel';
import { disassemble } from './disasm/disassemble.ts';
import type { DisassembleOptions } from './disasm/print.ts';
import type { Engine } from './engine.ts';
import { EXITS } from './interpreter/instruction.ts';
import { STEP_BITS } from './interpreter/loop.ts';
import { REAL } from './interpreter/storage.ts';
import type { Footprint } from './isa/row.ts';
import { decode } from './isa/table.ts';
import { MSR, type REGISTER_FIELDS, type RegisterName, SPECIAL_REGISTERS, type Vector } from './state.ts';

/** Why a vCPU handed over to whoever runs it; NIP is where it goes on. */
export type Exit =
  /** `sc 1`: SRR0 and SRR1 are written, NIP is behind it. */
  | { readonly kind: 'hcall' }
  /** An illegal word; HSRR0, HSRR1 and HEIR are written, NIP is still at it. */
  | { readonly kind: 'emulationAssist'; readonly word: number }
  /** `attn`; NIP is still at it. */
  | { readonly kind: 'attn' };

/** What a run came to. */
export interface RunResult {
  /** Instructions executed and interrupts taken instead of one. */
  readonly steps: number;
  /** Set if the run ended in an exit rather than at the end of its budget. */
  readonly exit: Exit | undefined;
}

/** How an interrupt that comes from outside is entered. */
export interface RaiseOptions {
  /** Bits of SRR1 that tell the cause; none by default. */
  readonly srr1?: number;
  /** SRR0; where the vCPU is, by default. */
  readonly srr0?: bigint;
  /** MSR[ME] in the handler; as it was, by default. */
  readonly me?: boolean;
}

const HCALL: Exit = { kind: 'hcall' };
const ATTN: Exit = { kind: 'attn' };
const STEPS = 2 ** STEP_BITS - 1;
const NAMES: ReadonlySet<string> = new Set(SPECIAL_REGISTERS);

/** A processor thread: an agent with registers. All of its state is in the arena. */
export class Vcpu {
  readonly name: string;
  private readonly registers: Accessor<typeof REGISTER_FIELDS>;
  private readonly base: number;
  private readonly texts: DisassembleOptions & { readonly known: Map<string, string> } = { known: new Map() };
  private readonly nipCell: number;
  /** Reused, so that running costs no allocation. */
  private readonly outcome: { steps: number; exit: Exit | undefined } = { steps: 0, exit: undefined };

  /** @internal The processor makes them. */
  constructor(
    /** Index of the agent. */
    readonly index: number,
    state: State<typeof REGISTER_FIELDS>,
    private readonly arena: Arena,
    private readonly bus: Bus,
    private readonly engine: Engine,
  ) {
    this.name = `vcpu${index}`;
    this.registers = state.at(index);
    this.base = state.base(index);
    this.nipCell = state.addressOf(index, 'nip') / 4;
  }

  /**
   * A register other than r0 to r31.
   *
   * @throws CheckstopError VCPU_NO_SUCH_REGISTER
   */
  reg(name: RegisterName): bigint {
    if (!NAMES.has(name)) throw this.noSuchRegister(name);
    return this.registers[name];
  }

  /**
   * Sets a register other than r0 to r31.
   *
   * @throws CheckstopError VCPU_NO_SUCH_REGISTER; STATE_BAD_VALUE unless the value is a bigint
   */
  setReg(name: RegisterName, value: bigint): void {
    if (!NAMES.has(name)) throw this.noSuchRegister(name);
    this.registers[name] = value;
  }

  private noSuchRegister(name: string): CheckstopError {
    const text = `${this.name} has no register '${name}'; r0 to r31 are gpr(0) to gpr(31), the others ${[...NAMES].join(', ')}.`;
    return new CheckstopError('VCPU_NO_SUCH_REGISTER', text, { name });
  }

  /** General purpose register `n`, 0 to 31. */
  gpr(n: number): bigint {
    return this.registers.gpr.get(n);
  }

  /** Sets general purpose register `n`, 0 to 31. */
  setGpr(n: number, value: bigint): void {
    this.registers.gpr.set(n, value);
  }

  /**
   * Address of the next instruction as a number: exact below 2^53.
   *
   * @throws CheckstopError VCPU_BAD_ADDRESS when it is set to what is no multiple of 4
   */
  get nip(): number {
    this.arena.touchRead(1 << this.index, 4 * this.nipCell);
    return this.arena.u32[this.nipCell] + this.arena.u32[this.nipCell + 1] * 2 ** 32;
  }

  set nip(value: number) {
    if (Number(value) % 4 !== 0)
      throw new CheckstopError(
        'VCPU_BAD_ADDRESS',
        `${this.name} has no instruction at ${value}; give a multiple of 4, above 2^53 by setReg('nip').`,
        { value },
      );
    this.registers.nip = BigInt(value);
  }

  /**
   * Executes at most `budget` instructions. Interrupts that the guest takes itself are taken on the way.
   *
   * Returns the same object every time: read it before the next run. A run may be shorter than its budget, even without
   * an exit, by the counter's limit of 2^24 - 1 steps or when the undo log is nearly full.
   *
   * @throws CheckstopError VCPU_BAD_BUDGET unless the budget is 1 or more; VCPU_BUSY if a listener calls it in the middle of
   *   an instruction; ARENA_LOG_FULL if the undo log is full and a mark keeps it from being emptied
   */
  run(budget: number): RunResult {
    if (!(budget >= 1))
      throw new CheckstopError('VCPU_BAD_BUDGET', `${this.name} cannot run ${budget} instructions; give 1 or more.`, {
        budget,
      });
    const { outcome } = this;
    const result = this.engine.enter().run(this.base, this.index, Math.min(budget, STEPS));
    outcome.steps = result & STEPS;
    outcome.exit = undefined;
    if (result > STEPS) this.leave(result >>> STEP_BITS);
    return outcome;
  }

  private leave(exitNumber: number): void {
    const kind = EXITS[exitNumber];
    const exit =
      kind === 'hcall'
        ? HCALL
        : kind === 'attn'
          ? ATTN
          : { kind: 'emulationAssist' as const, word: Number(this.reg('heir')) };
    this.outcome.exit = exit;
    if (this.bus.listened('exit')) this.bus.emit('exit', { agent: this.index, exit });
  }

  /**
   * Enters an interrupt that comes from outside: a machine check, a system reset, the decrementer, a reflected fault.
   *
   * @throws CheckstopError VCPU_BUSY if a listener calls it in the middle of an instruction; ARENA_LOG_FULL as {@link run}
   */
  raise(vector: Vector, options: RaiseOptions = {}): void {
    const interpreter = this.engine.enter();
    const from = options.srr0 ?? this.reg('nip');
    interpreter.select(this.base, this.index);
    interpreter.interrupt(vector, from, BigInt(options.srr1 ?? 0));
    if (options.me !== undefined) {
      this.setReg('msr', options.me ? this.reg('msr') | MSR.ME : this.reg('msr') & ~MSR.ME);
    }
    this.tellInterrupt(vector);
  }

  /** @internal */
  tellInterrupt(vector: number): void {
    if (!this.bus.listened('interrupt')) return;
    const [from, srr1] = [this.reg('srr0'), this.reg('srr1')];
    this.bus.emit('interrupt', { agent: this.index, vector, from, srr1 });
  }

  /** @internal */
  tellInterruptReturn(): void {
    if (!this.bus.listened('interruptReturn')) return;
    this.bus.emit('interruptReturn', { agent: this.index, nip: this.reg('nip'), msr: this.reg('msr') });
  }

  /**
   * The next instruction in words, such as `0x0208 ori r3,r3,0xf004`: what a fetch would find now. The address is the
   * effective one, with the real one behind it where they differ. Looking leaves no footprint.
   */
  describe(options: DisassembleOptions = {}): string {
    const { arena } = this;
    const { effective, real, word } = arena.unseen(() => this.next());
    const at = real === effective ? hex(real) : `${hex(effective)} (real ${hex(real)})`;
    return word === undefined ? `${at} (outside RAM)` : `${at} ${this.disassembled(word, effective, options)}`;
  }

  /**
   * What the next instruction can touch beyond the registers, as its row says. Undefined for an illegal word, and outside RAM. It
   * is looked at as a fetch would: that counts into the footprint.
   */
  get footprint(): Footprint | undefined {
    const { real, word } = this.next();
    if (word === undefined) return undefined;
    this.arena.touchRam(Number(real), 4, false);
    return decode(word)?.footprint;
  }

  /** Where the next instruction is, and its word unless that lies outside RAM. */
  private next(): { readonly effective: bigint; readonly real: bigint; readonly word: number | undefined } {
    const { ram, ramSize } = this.arena.layout;
    const [nip, msr] = [this.reg('nip') & ~3n, this.reg('msr')];
    const effective = msr & MSR.SF ? nip : BigInt.asUintN(32, nip);
    const real = effective & REAL;
    if (real + 4n > ramSize) return { effective, real, word: undefined };
    const view = new DataView(this.arena.memory.buffer);
    return { effective, real, word: view.getUint32(ram + Number(real), (msr & MSR.LE) !== 0n) };
  }

  /** Searches describe the same few instructions at thousands of states. */
  private disassembled(word: number, address: bigint, options: DisassembleOptions): string {
    const { texts } = this;
    if (texts.symbols !== options.symbols || texts.raw !== options.raw || texts.known.size > MAX_TEXTS) {
      texts.known.clear();
      Object.assign(texts, { symbols: options.symbols, raw: options.raw });
    }
    const key = `${word} ${address}`;
    let text = texts.known.get(key);
    if (text === undefined) {
      text = disassemble(word, address, options);
      texts.known.set(key, text);
    }
    return text;
  }
}

/** Instructions remembered in words. */
const MAX_TEXTS = 4096;

const hex = (address: bigint): string => `0x${address.toString(16).padStart(4, '0')}`;
