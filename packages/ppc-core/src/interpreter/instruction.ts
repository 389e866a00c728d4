import { Builder, CIA, NIA } from '../ir/builder.ts';
import { emit, type Leaf } from '../ir/emit.ts';
import { add, and, type Expr, eq, type I32, type I64, i32, i64, type Local, or, shl, shr } from '../ir/expr.ts';
import type { AccessSize, Block, Exit, RegisterRef, Statement } from '../ir/statement.ts';
import { FIELDS, type FieldName } from '../isa/fields.ts';
import type { Row } from '../isa/row.ts';
import { PROGRAM, VECTOR } from '../state.ts';
import { br, type Code, Label, loop, RETURN, type ValueType, when } from '../wasm/code.ts';
import type { Func, NewLocal, Variable, WasmModule } from '../wasm/module.ts';
import type { Granules } from './granule.ts';
import type { HostFunctions } from './host.ts';
import type { EnterInterrupt } from './interrupt.ts';
import { call, code, get, read64, set } from './native.ts';
import { type Plan, registerOffset } from './plan.ts';
import { addressOf, type Current } from './registers.ts';
import { encodeReservation, type Reservations } from './reservation.ts';
import type { Storage } from './storage.ts';

/** Numbers of the exits, as `run` returns them; 0 is none. */
export const EXITS = ['none', 'hcall', 'emulationAssist', 'attn'] as const satisfies readonly (Exit | 'none')[];

/** The parts of the module that instructions are made of. */
export interface Parts {
  readonly plan: Plan;
  readonly granules: Granules;
  readonly current: Current;
  readonly host: HostFunctions;
  readonly enter: EnterInterrupt;
  readonly storage: Storage;
  readonly reservations: Reservations;
}

/** Parameters of an instruction's function: address of the register file, the instruction word, its address. */
export const INSTRUCTION_PARAMS = ['i32', 'i32', 'i64'] as const;

/** Its result: the address of the next instruction. */
export const INSTRUCTION_RESULTS = ['i64'] as const;

/** Adds a function that executes one row's instructions; fields are taken out of the word when it runs. */
export function instruction(module: WasmModule, parts: Parts, row: Row): Func {
  const b = new Builder(row.variant);
  if (row.privileged) {
    b.if(b.isProblemState(), () => b.interrupt(VECTOR.program, { srr1: PROGRAM.PRIVILEGED }));
  }
  row.semantics(b);
  return executing(module, parts, b.statements);
}

/** Adds a function that does what a word does that is no instruction. */
export function illegalInstruction(module: WasmModule, parts: Parts): Func {
  const b = new Builder({});
  b.emulationAssist();
  return executing(module, parts, b.statements);
}

function executing(module: WasmModule, parts: Parts, statements: Block): Func {
  return module.function(INSTRUCTION_PARAMS, INSTRUCTION_RESULTS, ([base, word, cia], newLocal) => {
    const [nip, offset] = [newLocal('i64'), newLocal('i32')];
    const compiler = new InstructionCompiler(parts, { base, word, cia, nip, offset, newLocal });
    return [set(nip, add(get(cia), 4)), compiler.block(statements), nip.get];
  });
}

/** The variables of an instruction's function. */
interface Variables {
  readonly base: Variable<'i32'>;
  readonly word: Variable<'i32'>;
  readonly cia: Variable<'i64'>;
  /** Address of the next instruction. */
  readonly nip: Variable<'i64'>;
  /** Where an access is in RAM. */
  readonly offset: Variable<'i32'>;
  readonly newLocal: NewLocal;
}

/** Compiles the statements of one instruction. */
class InstructionCompiler {
  private readonly locals = { i32: [] as Variable[], i64: [] as Variable[] };

  constructor(
    private readonly parts: Parts,
    private readonly state: Variables,
  ) {}

  block(statements: Block): Code {
    return statements.map((statement) => this.statement(statement));
  }

  private statement(statement: Statement): Code {
    const { granules, reservations, current, enter, host } = this.parts;
    const { base, cia, nip, offset } = this.state;
    switch (statement.op) {
      case 'set':
        return this.assign(statement.local, this.lower(statement.value));
      case 'if':
        return when(code(this.lower(statement.condition)), this.block(statement.yes), this.block(statement.no));
      case 'loop': {
        const again = new Label();
        return loop(again, this.block(statement.statements), when(code(this.lower(statement.again)), br(again)));
      }
      case 'readRegister':
        return this.assign(statement.into, this.read(statement.register));
      case 'writeRegister':
        return granules.put(this.addressOf(statement.register), this.lower(statement.value));
      case 'load':
        return [this.locate('load', statement.size, statement.address), this.load(statement.size, statement.into)];
      case 'store':
        return [
          this.locate('store', statement.size, statement.address),
          reservations.lose(get(offset), i32(statement.size)),
          this.store(statement.size, statement.values),
        ];
      case 'loadReserve':
        return [
          this.locate('load', statement.size, statement.address),
          reservations.setOwn(encodeReservation(get(offset), statement.size)),
          this.load(statement.size, statement.into),
        ];
      case 'storeConditional':
        return [
          this.locate('store', statement.size, statement.address),
          this.assign(statement.into, eq(reservations.own(), encodeReservation(get(offset), statement.size))),
          reservations.setOwn(i64(0)),
          when(code(this.lower({ type: 'i32', op: 'local', local: statement.into })), [
            reservations.lose(get(offset), i32(statement.size)),
            this.store(statement.size, statement.values),
          ]),
        ];
      case 'zeroBlock':
        return this.zeroBlock(statement.address);
      case 'branch':
        return set(nip, this.lower(statement.target));
      case 'interrupt':
        return [
          enter(i32(statement.vector), this.lower(statement.srr0), i64(statement.srr1)),
          code(this.storedNip()), // where a listener may have sent it
          RETURN,
        ];
      case 'exit':
        return [set(current.exit, i32(EXITS.indexOf(statement.exit))), nip.get, RETURN];
      case 'interruptReturn':
        return [
          granules.put(addressOf(get(base), 'nip'), get(nip)),
          call(host.interruptReturn, get(current.agent)),
          set(nip, this.storedNip()),
        ];
      case 'slbInvalidated':
        return [granules.put(addressOf(get(base), 'nip'), get(cia)), call(host.slbInvalidated, get(current.agent))];
    }
  }

  /** Finds an access in RAM; a storage interrupt ends the instruction. */
  private locate(kind: 'load' | 'store', size: number, address: I64, dar: I64 = address): Code {
    const { storage } = this.parts;
    const { cia, offset } = this.state;
    return [
      set(offset, storage.locate(kind, i32(size), this.lower(address), this.lower(dar), get(cia))),
      when(code(eq(get(offset), -1)), [code(this.storedNip()), RETURN]),
    ];
  }

  /** NIP as the register file has it: it lags behind while instructions execute, but interrupts set it. */
  private storedNip(): I64 {
    return read64(8, get(this.state.base), registerOffset('nip'));
  }

  /** Of a quadword each doubleword. */
  private load(size: AccessSize, into: readonly Local[]): Code {
    const at = get(this.state.offset);
    return into.map((local, index) =>
      this.assign(local, this.parts.storage.load(size === 16 ? 8 : size, add(at, 8 * index))),
    );
  }

  private store(size: AccessSize, values: readonly I64[]): Code {
    const at = get(this.state.offset);
    return values.map((value, index) =>
      this.parts.storage.store(size === 16 ? 8 : size, add(at, 8 * index), this.lower(value)),
    );
  }

  private zeroBlock(address: I64): Code {
    const { plan, granules, reservations } = this.parts;
    const { offset } = this.state;
    const granulesOfBlock = Array.from({ length: CACHE_BLOCK / 8 }, (_, index) => index * 8);
    return [
      this.locate('store', CACHE_BLOCK, and(address, ~(CACHE_BLOCK - 1)), address),
      reservations.lose(get(offset), i32(CACHE_BLOCK)),
      granulesOfBlock.map((at) => granules.put(add(add(plan.at.ram, get(offset)), at), i64(0))),
    ];
  }

  private addressOf(register: RegisterRef): I32 {
    const { base } = this.state;
    if (typeof register === 'string') return addressOf(get(base), register);
    return add(get(base), shl(this.lower(register.gpr), 3));
  }

  private read(register: RegisterRef): I64 {
    const { base } = this.state;
    if (typeof register === 'string') return read64(8, get(base), registerOffset(register));
    return read64(8, this.addressOf(register));
  }

  private assign(local: Local, value: Expr): Code {
    return [code(value), this.variable(local).set];
  }

  private variable(local: Local): Variable {
    const known = this.locals[local.type];
    known[local.index] ??= this.state.newLocal(local.type);
    return known[local.index] as Variable;
  }

  /** An expression with its locals and fields replaced by what holds them. */
  private lower<T extends ValueType>(expr: Expr<T>): Expr<T> {
    return { type: expr.type, op: 'code', code: emit(expr, (leaf) => this.leaf(leaf)) };
  }

  private leaf(leaf: Leaf): Code {
    const { word, cia } = this.state;
    switch (leaf.op) {
      case 'word':
        return word.get;
      case 'field':
        return code(fieldOf(leaf.field, get(word)));
      case 'local':
        if (leaf.local === CIA) return cia.get;
        if (leaf.local === NIA) return code(add(get(cia), 4));
        return this.variable(leaf.local).get;
    }
  }
}

/** Bytes of the block that dcbz zeroes. */
const CACHE_BLOCK = 128;

/** A field taken out of the word, piece by piece. */
function fieldOf(field: FieldName, word: I32): I32 {
  return FIELDS[field].pieces
    .map(([first, last]) => ({ bits: and(shr(word, 31 - last), 2 ** (last - first + 1) - 1), width: last - first + 1 }))
    .reduce((high, low) => ({ bits: or(shl(high.bits, low.width), low.bits), width: low.width })).bits;
}
