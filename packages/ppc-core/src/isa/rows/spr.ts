import type { Builder } from '../../ir/builder.ts';
import { and, eq, or, shr } from '../../ir/expr.ts';
import { PROGRAM, VECTOR } from '../../state.ts';
import { rowMaker } from '../row.ts';
import { SPRS, type Spr } from '../sprs.ts';

const row = rowMaker({ footprint: 'system' });

/** Power ISA 3.0B, Book I, 3.3.17 and Book III, 4.4.4 "Move To/From System Register Instructions"; Book II, 6.1 mftb. */
export const specialPurposeRegisters = [
  row('mtspr', 'XFX: 31 RS SPR 467 /', 'SPR,RS', (b) =>
    access(b, 'write', [0], (spr) => b.setReg(spr.register, and(b.gpr('RS'), spr.writable))),
  ),
  row('mfspr', 'XFX: 31 RT SPR 339 /', 'RT,SPR', (b) => access(b, 'read', [0, 4, 5, 6], (spr) => moveFrom(b, spr))),
  row('mftb', 'XFX: 31 RT SPR 371 /', 'RT,SPR', (b) => access(b, 'read', [0, 4, 5, 6], (spr) => moveFrom(b, spr))),
].flat();

function moveFrom(b: Builder, spr: Spr): void {
  b.setGpr('RT', shr(b.reg(spr.register), spr.shift));
}

/** Does it with the register that the SPR field names, if there is one and this state may. */
function access(b: Builder, use: 'read' | 'write', illegal: readonly number[], action: (spr: Spr) => void): void {
  const known = SPRS.filter((spr) => spr.use === use || spr.use === 'both');
  const choose = known.reduceRight<() => void>(
    (otherwise, spr) => () => b.if(eq(b.field('SPR'), spr.number), () => permitted(b, spr, action), otherwise),
    () => undefinedNumber(b, illegal),
  );
  choose();
}

function permitted(b: Builder, spr: Spr, action: (spr: Spr) => void): void {
  if (spr.access !== 'problem') b.if(b.isProblemState(), () => privileged(b));
  if (spr.access === 'hypervisor') b.if(b.isHypervisorState(), () => action(spr));
  else action(spr);
}

/** Bit 0 of the number's low half, spr0, tells privileged numbers from others, defined or not. */
function undefinedNumber(b: Builder, illegal: readonly number[]): void {
  const number = b.field('SPR');
  b.if(
    b.isProblemState(),
    () =>
      b.if(
        and(number, 0x10),
        () => privileged(b),
        () => b.emulationAssist(),
      ),
    () =>
      b.if(
        illegal.map((one) => eq(number, one)).reduce((any, one) => or(any, one)),
        () => b.emulationAssist(),
      ),
  );
}

function privileged(b: Builder): void {
  b.interrupt(VECTOR.program, { srr1: PROGRAM.PRIVILEGED });
}
