import type { Builder } from '../../ir/builder.ts';
import { add, eqz, extend16, extend32, type I32, type I64, ltU, ne, or, swapBytes } from '../../ir/expr.ts';
import type { Size } from '../../ir/statement.ts';
import { rowMaker } from '../row.ts';

const load = rowMaker({ footprint: 'load' });
const store = rowMaker({ footprint: 'store' });

/**
 * Power ISA 3.0B, Book I, 3.3.2 loads, 3.3.3 stores, 3.3.4 byte-reversed, 3.3.5 multiple.
 *
 * The ISA calls update forms with RA=0 or, for loads, RA=RT invalid. They are executed as if they were not: RA is r0, and
 * receives the address last.
 */
export const loadStore = [
  load('lbz', 'D: 34 RT RA D', 'RT,D(RA0)', (b) => zeroed(b, 1, displaced(b, 'D'))),
  load('lbzu', 'D: 35 RT RA D', 'RT,D(RA)', (b) => updated(b, displacedUpdate(b, 'D'), (ea) => zeroed(b, 1, ea))),
  load('lbzx', 'X: 31 RT RA RB 87 /', 'RT,RA0,RB', (b) => zeroed(b, 1, b.indexed())),
  load('lbzux', 'X: 31 RT RA RB 119 /', 'RT,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => zeroed(b, 1, ea))),

  load('lhz', 'D: 40 RT RA D', 'RT,D(RA0)', (b) => zeroed(b, 2, displaced(b, 'D'))),
  load('lhzu', 'D: 41 RT RA D', 'RT,D(RA)', (b) => updated(b, displacedUpdate(b, 'D'), (ea) => zeroed(b, 2, ea))),
  load('lhzx', 'X: 31 RT RA RB 279 /', 'RT,RA0,RB', (b) => zeroed(b, 2, b.indexed())),
  load('lhzux', 'X: 31 RT RA RB 311 /', 'RT,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => zeroed(b, 2, ea))),

  load('lha', 'D: 42 RT RA D', 'RT,D(RA0)', (b) => signed(b, 2, displaced(b, 'D'))),
  load('lhau', 'D: 43 RT RA D', 'RT,D(RA)', (b) => updated(b, displacedUpdate(b, 'D'), (ea) => signed(b, 2, ea))),
  load('lhax', 'X: 31 RT RA RB 343 /', 'RT,RA0,RB', (b) => signed(b, 2, b.indexed())),
  load('lhaux', 'X: 31 RT RA RB 375 /', 'RT,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => signed(b, 2, ea))),

  load('lwz', 'D: 32 RT RA D', 'RT,D(RA0)', (b) => zeroed(b, 4, displaced(b, 'D'))),
  load('lwzu', 'D: 33 RT RA D', 'RT,D(RA)', (b) => updated(b, displacedUpdate(b, 'D'), (ea) => zeroed(b, 4, ea))),
  load('lwzx', 'X: 31 RT RA RB 23 /', 'RT,RA0,RB', (b) => zeroed(b, 4, b.indexed())),
  load('lwzux', 'X: 31 RT RA RB 55 /', 'RT,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => zeroed(b, 4, ea))),

  load('lwa', 'DS: 58 RT RA DS 2', 'RT,DS(RA0)', (b) => signed(b, 4, displaced(b, 'DS'))),
  load('lwax', 'X: 31 RT RA RB 341 /', 'RT,RA0,RB', (b) => signed(b, 4, b.indexed())),
  load('lwaux', 'X: 31 RT RA RB 373 /', 'RT,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => signed(b, 4, ea))),

  load('ld', 'DS: 58 RT RA DS 0', 'RT,DS(RA0)', (b) => zeroed(b, 8, displaced(b, 'DS'))),
  load('ldu', 'DS: 58 RT RA DS 1', 'RT,DS(RA)', (b) => updated(b, displacedUpdate(b, 'DS'), (ea) => zeroed(b, 8, ea))),
  load('ldx', 'X: 31 RT RA RB 21 /', 'RT,RA0,RB', (b) => zeroed(b, 8, b.indexed())),
  load('ldux', 'X: 31 RT RA RB 53 /', 'RT,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => zeroed(b, 8, ea))),

  load('lhbrx', 'X: 31 RT RA RB 790 /', 'RT,RA0,RB', (b) => b.setGpr('RT', swapBytes(2, b.load(2, b.indexed())))),
  load('lwbrx', 'X: 31 RT RA RB 534 /', 'RT,RA0,RB', (b) => b.setGpr('RT', swapBytes(4, b.load(4, b.indexed())))),
  load('ldbrx', 'X: 31 RT RA RB 532 /', 'RT,RA0,RB', (b) => b.setGpr('RT', swapBytes(8, b.load(8, b.indexed())))),

  store('stb', 'D: 38 RS RA D', 'RS,D(RA0)', (b) => stored(b, 1, displaced(b, 'D'))),
  store('stbu', 'D: 39 RS RA D', 'RS,D(RA)', (b) => updated(b, displacedUpdate(b, 'D'), (ea) => stored(b, 1, ea))),
  store('stbx', 'X: 31 RS RA RB 215 /', 'RS,RA0,RB', (b) => stored(b, 1, b.indexed())),
  store('stbux', 'X: 31 RS RA RB 247 /', 'RS,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => stored(b, 1, ea))),

  store('sth', 'D: 44 RS RA D', 'RS,D(RA0)', (b) => stored(b, 2, displaced(b, 'D'))),
  store('sthu', 'D: 45 RS RA D', 'RS,D(RA)', (b) => updated(b, displacedUpdate(b, 'D'), (ea) => stored(b, 2, ea))),
  store('sthx', 'X: 31 RS RA RB 407 /', 'RS,RA0,RB', (b) => stored(b, 2, b.indexed())),
  store('sthux', 'X: 31 RS RA RB 439 /', 'RS,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => stored(b, 2, ea))),

  store('stw', 'D: 36 RS RA D', 'RS,D(RA0)', (b) => stored(b, 4, displaced(b, 'D'))),
  store('stwu', 'D: 37 RS RA D', 'RS,D(RA)', (b) => updated(b, displacedUpdate(b, 'D'), (ea) => stored(b, 4, ea))),
  store('stwx', 'X: 31 RS RA RB 151 /', 'RS,RA0,RB', (b) => stored(b, 4, b.indexed())),
  store('stwux', 'X: 31 RS RA RB 183 /', 'RS,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => stored(b, 4, ea))),

  store('std', 'DS: 62 RS RA DS 0', 'RS,DS(RA0)', (b) => stored(b, 8, displaced(b, 'DS'))),
  store('stdu', 'DS: 62 RS RA DS 1', 'RS,DS(RA)', (b) =>
    updated(b, displacedUpdate(b, 'DS'), (ea) => stored(b, 8, ea)),
  ),
  store('stdx', 'X: 31 RS RA RB 149 /', 'RS,RA0,RB', (b) => stored(b, 8, b.indexed())),
  store('stdux', 'X: 31 RS RA RB 181 /', 'RS,RA,RB', (b) => updated(b, indexedUpdate(b), (ea) => stored(b, 8, ea))),

  store('sthbrx', 'X: 31 RS RA RB 918 /', 'RS,RA0,RB', (b) => b.store(2, b.indexed(), swapBytes(2, b.gpr('RS')))),
  store('stwbrx', 'X: 31 RS RA RB 662 /', 'RS,RA0,RB', (b) => b.store(4, b.indexed(), swapBytes(4, b.gpr('RS')))),
  store('stdbrx', 'X: 31 RS RA RB 660 /', 'RS,RA0,RB', (b) => b.store(8, b.indexed(), swapBytes(8, b.gpr('RS')))),

  load('lmw', 'D: 46 RT RA D', 'RT,D(RA0)', (b) =>
    multiple(b, 'RT', (number, ea) => {
      const word = b.load(4, ea);
      // With RA in the range loaded the form is invalid: skipping it lets the instruction start over after a fault.
      b.if(or(ne(number, b.field('RA')), eqz(number)), () => b.setGprAt(number, word));
    }),
  ),
  store('stmw', 'D: 47 RS RA D', 'RS,D(RA0)', (b) =>
    multiple(b, 'RS', (number, ea) => b.store(4, ea, b.gprAt(number))),
  ),
].flat();

/** (RA|0) + displacement. */
function displaced(b: Builder, field: 'D' | 'DS'): I64 {
  return b.ea(add(b.gprOrZero('RA'), b.imm(field)));
}

function displacedUpdate(b: Builder, field: 'D' | 'DS'): I64 {
  return b.ea(add(b.gpr('RA'), b.imm(field)));
}

function indexedUpdate(b: Builder): I64 {
  return b.ea(add(b.gpr('RA'), b.gpr('RB')));
}

function zeroed(b: Builder, size: Size, ea: I64): void {
  b.setGpr('RT', b.load(size, ea));
}

function signed(b: Builder, size: 2 | 4, ea: I64): void {
  const value = b.load(size, ea);
  b.setGpr('RT', size === 2 ? extend16(value) : extend32(value));
}

function stored(b: Builder, size: Size, ea: I64): void {
  b.store(size, ea, b.gpr('RS'));
}

/** Accesses, then leaves the address in RA: not if the access ended in an interrupt. */
function updated(b: Builder, ea: I64, access: (ea: I64) => void): void {
  access(ea);
  b.setGpr('RA', ea);
}

/** Words of consecutive memory and registers up to r31; an alignment interrupt in little-endian mode (3.3.5). */
function multiple(b: Builder, first: 'RT' | 'RS', access: (number: I32, ea: I64) => void): void {
  const ea = b.variable(displaced(b, 'D'));
  b.if(b.isLittleEndian(), () => b.alignmentInterrupt(ea));
  const number = b.variable(b.field(first));
  b.loop(() => {
    access(number, ea);
    b.assign(number, add(number, 1));
    b.assign(ea, b.ea(add(ea, 4)));
    return ltU(number, 32);
  });
}
