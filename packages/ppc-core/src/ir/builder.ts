import { FIELDS, type Field, type FieldName, fieldWidth, isSigned } from '../isa/fields.ts';
import type { VariantBits } from '../isa/row.ts';
import { MSR, type RegisterName, VECTOR, type Vector, XER } from '../state.ts';
import type { ValueType } from '../wasm/code.ts';
import {
  add,
  and,
  bit,
  type Expr,
  extend32,
  gtS,
  type I32,
  type I64,
  i32,
  i64,
  type Local,
  low32,
  ltS,
  not,
  or,
  sar,
  select,
  shl,
  shr,
  sub,
  wrap,
  zeroExtend,
} from './expr.ts';
import type { AccessSize, Exit, RegisterRef, Size, Statement } from './statement.ts';

/** Fields that number a general purpose register. */
export type GprField = 'RT' | 'RS' | 'RA' | 'RB' | 'RC';

/** How an interrupt that an instruction raises of itself enters its vector. */
export interface InterruptEntry {
  /** SRR0: the instruction itself, to be executed again (the default), or the one after it. */
  readonly srr0?: 'this' | 'next';
  /** Bits that SRR1 gets in addition to the saved machine state. */
  readonly srr1?: number;
}

/**
 * What the semantics of a row are written against: it reads and changes the machine, in program order, and notes down
 * statements. Whether a field of the instruction word is looked up when the instruction runs or known beforehand is
 * none of the row's business.
 *
 * Reading a register, or memory, happens where it is written down, so `setGpr('RT', ...)` never changes a value read
 * before it. Values are combined with the functions of expr.ts.
 */
export class Builder {
  private block: Statement[] = [];
  private readonly locals = { i32: 0, i64: 0 };

  constructor(
    /** Which variant of the instruction this is. */
    readonly variant: VariantBits,
  ) {}

  /** The statements noted so far. */
  get statements(): readonly Statement[] {
    return this.block;
  }

  // Values

  /** A field as it stands in the word: unsigned, not scaled. */
  field(field: FieldName): I32 {
    return { type: 'i32', op: 'field', field };
  }

  /** A field as a 64-bit number: sign-extended and scaled as fields.ts says. */
  imm(field: FieldName): I64 {
    const raw = zeroExtend(this.field(field));
    const unused = BigInt(64 - fieldWidth(field));
    const { scale: shift, zeroIs }: Field = FIELDS[field];
    const scale = BigInt(shift);
    if (zeroIs !== undefined) return select(this.field(field), raw, zeroIs);
    if (!isSigned(field)) return scale === 0n ? raw : shl(raw, scale);
    return sar(shl(raw, unused), unused - scale);
  }

  /** Evaluates once and names the result. */
  let<T extends ValueType>(value: Expr<T>): Expr<T> {
    const local = this.newLocal(value.type);
    this.note({ op: 'set', local, value });
    return { type: value.type, op: 'local', local };
  }

  /** A value that {@link assign} changes. */
  variable<T extends ValueType>(initial: Expr<T>): Expr<T> & { op: 'local' } {
    return this.let(initial) as Expr<T> & { op: 'local' };
  }

  /** Gives a {@link variable} another value. */
  assign<T extends ValueType>(variable: Expr<T> & { op: 'local' }, value: Expr<T>): void {
    this.note({ op: 'set', local: variable.local, value });
  }

  // Control within the instruction

  /** Does something if the condition is not zero, else something else. */
  if(condition: I32, yes: () => void, no: () => void = () => {}): void {
    this.note({ op: 'if', condition, yes: this.collect(yes), no: this.collect(no) });
  }

  /** Does something again and again, as long as the condition that it returns is not zero. The row sees to an end. */
  loop(body: () => I32): void {
    let again = i32(0);
    const statements = this.collect(() => {
      again = body();
    });
    this.note({ op: 'loop', statements, again });
  }

  /** Does something a fixed number of times. */
  repeat(times: number, body: () => void): void {
    const left = this.variable(i32(times));
    this.loop(() => {
      body();
      this.assign(left, sub(left, 1));
      return left;
    });
  }

  // Registers

  /** A general purpose register. */
  gpr(field: GprField): I64 {
    return this.read({ gpr: this.field(field) });
  }

  /** (RA|0): the register, or zero for number 0. */
  gprOrZero(field: 'RA'): I64 {
    return select(this.field(field), this.gpr(field), 0);
  }

  /** Sets a general purpose register. */
  setGpr(field: GprField, value: I64): void {
    this.note({ op: 'writeRegister', register: { gpr: this.field(field) }, value });
  }

  /** A general purpose register by a computed number. */
  gprAt(number: I32): I64 {
    return this.read({ gpr: number });
  }

  /** Sets a general purpose register by a computed number. */
  setGprAt(number: I32, value: I64): void {
    this.note({ op: 'writeRegister', register: { gpr: number }, value });
  }

  /** Any other register, by name. */
  reg(name: RegisterName): I64 {
    return this.read(name);
  }

  /** Sets any other register. */
  setReg(name: RegisterName, value: I64): void {
    this.note({ op: 'writeRegister', register: name, value });
  }

  /** Address of this instruction. */
  cia(): I64 {
    return { type: 'i64', op: 'local', local: CIA };
  }

  /** Address of the instruction after this one. */
  nia(): I64 {
    return { type: 'i64', op: 'local', local: NIA };
  }

  /** Whether MSR[SF] says 64-bit mode. */
  is64Bit(): I32 {
    return ltS(this.reg('msr'), 0); // SF is the sign bit
  }

  /** Whether MSR[LE] says little-endian. */
  isLittleEndian(): I32 {
    return bit(this.reg('msr'), 63);
  }

  // Results: what nearly all fixed-point instructions do in the end

  /** Sets the target register and, in the variants with Rc=1, CR0. */
  result(field: 'RT' | 'RA', value: I64): void {
    const result = this.let(value);
    this.setGpr(field, result);
    if (this.variant.Rc) this.recordCr0(result);
  }

  /** CR0 as the signed comparison of a result with zero, of its low half in 32-bit mode, and SO (Book I, 2.3.1). */
  recordCr0(result: I64): void {
    const seen = this.let(select(this.is64Bit(), result, extend32(result)));
    this.setCrField(i32(0), this.comparison(ltS(seen, 0), gtS(seen, 0)));
  }

  /** LT, GT, EQ and a copy of XER[SO], as a CR field. */
  comparison(less: I32, greater: I32): I32 {
    const order = select(less, i32(8), select(greater, i32(4), 2));
    return or(order, bit(this.reg('xer'), XER.SO));
  }

  /** Sets one of the CR fields, by number. */
  setCrField(number: I32, value: I32): void {
    const left = this.let(sub(i64(28), zeroExtend(shl(number, 2))));
    const others = and(this.reg('cr'), not(shl(i64(15), left)));
    this.setReg('cr', or(others, shl(zeroExtend(value), left)));
  }

  /** One of the CR fields, by number. */
  crField(number: I32): I32 {
    const field = shr(this.reg('cr'), sub(i64(28), zeroExtend(shl(number, 2))));
    return wrap(and(field, 15));
  }

  /** One of the 32 CR bits, by number. */
  crBit(number: I32): I32 {
    const value = shr(this.reg('cr'), sub(i64(31), zeroExtend(number)));
    return wrap(and(value, 1));
  }

  /** XER[CA], or XER[OV] where it carries, zero-extended. */
  carry(from: 'CA' | 'OV' = 'CA'): I64 {
    return zeroExtend(bit(this.reg('xer'), XER[from]));
  }

  /**
   * Sets CA and CA32 from the carries out of bit 0 and bit 32, which stand at these positions of a doubleword; in 32-bit
   * mode CA is the carry out of bit 32 as well (Book I, 3.2.2). Where OV carries, OV and OV32 instead.
   */
  setCarry(carries: I64, to: 'CA' | 'OV' = 'CA'): void {
    const { ca, ca32 } = this.carriesOf(carries);
    this.setXerBits([XER[to], ca], [XER[`${to}32`], ca32]);
  }

  /** In the variants with OE=1: OV and OV32 likewise, and SO sticks. */
  setOverflow(overflows: I64): void {
    if (!this.variant.OE) return;
    const { ca: ov, ca32: ov32 } = this.carriesOf(overflows);
    const so = this.let(or(ov, bit(this.reg('xer'), XER.SO)));
    this.setXerBits([XER.SO, so], [XER.OV, ov], [XER.OV32, ov32]);
  }

  private carriesOf(word: I64): { ca: I32; ca32: I32 } {
    const value = this.let(word);
    const ca32 = this.let(bit(value, 32));
    return { ca: this.let(select(this.is64Bit(), bit(value, 0), ca32)), ca32 };
  }

  private setXerBits(...bits: [position: number, value: I32][]): void {
    const cleared = bits.reduce((ones, [position]) => ones | (1n << BigInt(63 - position)), 0n);
    const set = bits.reduce<I64>(
      (value, [position, on]) => or(value, shl(zeroExtend(on), 63 - position)),
      and(this.reg('xer'), ~cleared),
    );
    this.setReg('xer', set);
  }

  // Memory

  /** The effective address of a sum: in 32-bit mode its low half (Book I, 1.10.3). */
  ea(sum: I64): I64 {
    return this.let(select(this.is64Bit(), sum, low32(sum)));
  }

  /** The effective address (RA|0) + RB. */
  indexed(): I64 {
    return this.ea(add(this.gprOrZero('RA'), this.gpr('RB')));
  }

  /** What memory holds, zero-extended, in the byte order of the moment. May end in a storage interrupt. */
  load(size: Size, address: I64): I64 {
    const into = this.newLocal('i64');
    this.note({ op: 'load', size, address, into: [into] });
    return { type: 'i64', op: 'local', local: into };
  }

  /** Puts the low bytes of a value into memory. May end in a storage interrupt. */
  store(size: Size, address: I64, value: I64): void {
    this.note({ op: 'store', size, address, values: [value] });
  }

  /** Loads and makes a reservation. */
  loadReserve(size: Size, address: I64): I64 {
    const into = this.newLocal('i64');
    this.note({ op: 'loadReserve', size, address, into: [into] });
    return { type: 'i64', op: 'local', local: into };
  }

  /** Loads a quadword in one access; its more significant doubleword first, with or without a reservation. */
  loadQuadword(address: I64, op: 'load' | 'loadReserve' = 'load'): readonly [high: I64, low: I64] {
    const into = [this.newLocal('i64'), this.newLocal('i64')] as const;
    this.note({ op, size: 16, address, into });
    const [first, second] = into.map((local): I64 => ({ type: 'i64', op: 'local', local })) as [I64, I64];
    return this.inOrder(first, second);
  }

  /** Stores a quadword in one access, its more significant doubleword given first. */
  storeQuadword(address: I64, high: I64, low: I64): void {
    this.note({ op: 'store', size: 16, address, values: this.inOrder(high, low) });
  }

  /** Of a quadword: the doublewords in memory's order for those in the order of significance, and the reverse. */
  private inOrder(x: I64, y: I64): readonly [I64, I64] {
    const little = this.let(this.isLittleEndian());
    return [this.let(select(little, y, x)), this.let(select(little, x, y))];
  }

  /** Stores if the reservation still stands, drops it, and tells whether it stored. */
  storeConditional(size: Size, address: I64, value: I64): I32 {
    return this.conditionally(size, address, [value]);
  }

  /** The same with a quadword, its more significant doubleword given first. */
  storeQuadwordConditional(address: I64, high: I64, low: I64): I32 {
    return this.conditionally(16, address, this.inOrder(high, low));
  }

  private conditionally(size: AccessSize, address: I64, values: readonly I64[]): I32 {
    const into = this.newLocal('i32');
    this.note({ op: 'storeConditional', size, address, values, into });
    return { type: 'i32', op: 'local', local: into };
  }

  /** Zeroes the block of the data cache that contains the address. */
  zeroBlock(address: I64): void {
    this.note({ op: 'zeroBlock', address });
  }

  // Control flow of the guest

  /** The next instruction is elsewhere. */
  branch(target: I64): void {
    this.note({ op: 'branch', target });
  }

  /** Ends the instruction in an interrupt of this vCPU. */
  interrupt(vector: Vector, entry: InterruptEntry = {}): void {
    const srr0 = entry.srr0 === 'next' ? this.nia() : this.cia();
    this.note({ op: 'interrupt', vector, srr0, srr1: entry.srr1 ?? 0 });
  }

  /** The alignment interrupt: DAR is the address, DSISR stays as it was (Linux's CPU_FTR_NODSISRALIGN says the same). */
  alignmentInterrupt(address: I64): void {
    this.setReg('dar', address);
    this.interrupt(VECTOR.alignment);
  }

  /**
   * Hypervisor emulation assistance (Book III, 6.5.18): whoever runs this vCPU finds HSRR0, HSRR1 and HEIR set; SRR0 and
   * SRR1 are not touched, and the vCPU stays at the instruction.
   */
  emulationAssist(): void {
    this.setReg('hsrr0', this.cia());
    this.setReg('hsrr1', this.savedMsr());
    this.setReg('heir', zeroExtend({ type: 'i32', op: 'word' }));
    this.branch(this.cia());
    this.exit('emulationAssist');
  }

  /** Whether MSR[PR] says problem state. */
  isProblemState(): I32 {
    return bit(this.reg('msr'), 49);
  }

  /** Whether MSR[HV] says hypervisor state. */
  isHypervisorState(): I32 {
    return bit(this.reg('msr'), 3);
  }

  /** Ends the instruction in whoever runs this vCPU. */
  exit(exit: Exit): void {
    this.note({ op: 'exit', exit });
  }

  /** SRR1 as an interrupt would save it now (Book III, 6.4.3): MSR without the bits that tell the cause. */
  savedMsr(): I64 {
    return and(this.reg('msr'), ~MSR.SRR1_CAUSE);
  }

  /** Tells whoever listens that the guest returned from an interrupt; the target and the new MSR are set already. */
  interruptReturn(): void {
    this.note({ op: 'interruptReturn' });
  }

  /** Tells whoever listens that the vCPU threw away what its segment lookaside buffer held. */
  slbInvalidated(): void {
    this.note({ op: 'slbInvalidated' });
  }

  private read(register: RegisterRef): I64 {
    const into = this.newLocal('i64');
    this.note({ op: 'readRegister', register, into });
    return { type: 'i64', op: 'local', local: into };
  }

  private newLocal(type: ValueType): Local {
    return { type, index: this.locals[type]++ };
  }

  private note(statement: Statement): void {
    this.block.push(statement);
  }

  private collect(body: () => void): readonly Statement[] {
    const outer = this.block;
    this.block = [];
    body();
    const inner = this.block;
    this.block = outer;
    return inner;
  }
}

/** Locals that every instruction finds set. */
export const CIA: Local = { type: 'i64', index: -2 };
export const NIA: Local = { type: 'i64', index: -1 };
