import type { Builder } from '../../ir/builder.ts';
import { and, eqz, type I64, i64, low32, not, or, select } from '../../ir/expr.ts';
import { MSR, PROGRAM, type RegisterName, VECTOR } from '../../state.ts';
import { rowMaker } from '../row.ts';

const row = rowMaker({ footprint: 'system' });
const privileged = rowMaker({ footprint: 'system', privileged: true });

/** Power ISA 3.0B, Book III, 3.3 "System Linkage Instructions" and 4.4.4 moves to and from the MSR. */
export const system = [
  // Of LEV only the last bit counts. `sc 1` has written SRR0 and SRR1 before the hypervisor takes its first step.
  row('sc', 'SC: 17 /// LEV /// 1 /', '[LEV]', (b) => {
    b.if(
      and(b.field('LEV'), 1),
      () => {
        b.setReg('srr0', b.nia());
        b.setReg('srr1', b.savedMsr());
        b.exit('hcall');
      },
      () => b.interrupt(VECTOR.systemCall, { srr0: 'next' }),
    );
  }),
  // Implementation-dependent (POWER9 User Manual): stops at itself, for the service processor to look. One word only: every
  // other one under primary opcode 0 is illegal, and a hypervisor may give it a meaning.
  row('attn', 'X: 0 0:15 256 0:1', '', (b) => {
    b.branch(b.cia());
    b.exit('attn');
  }),

  // Only hypervisor state can change ME; HV can only be dropped. A reservation survives.
  privileged('rfid', 'XL: 19 /// 18 /', '', (b) => {
    const changeable = select(b.isHypervisorState(), i64(MSR.IMPLEMENTED), i64(MSR.IMPLEMENTED & ~MSR.ME));
    returnTo(b, 'srr0', 'srr1', and(changeable, or(not(b.reg('srr1')), ~MSR.HV)));
  }),
  // Without hypervisor state, and with LPCR[EVIRT]=0, a privileged-instruction program interrupt.
  privileged('hrfid', 'XL: 19 /// 274 /', '', (b) => {
    b.if(eqz(b.isHypervisorState()), () => b.interrupt(VECTOR.program, { srr1: PROGRAM.PRIVILEGED }));
    returnTo(b, 'hsrr0', 'hsrr1', i64(MSR.IMPLEMENTED));
  }),

  // SF, HV, ME and LE are out of reach of mtmsr; HV, ME and LE of mtmsrd. L=1 changes nothing but EE and RI.
  privileged('mtmsr', 'X: 31 RS /// L15 /// 146 /', 'RS,[L15]', (b) =>
    moveToMsr(b, low32(i64(MSR.IMPLEMENTED & ~(MSR.ME | MSR.LE)))),
  ),
  privileged('mtmsrd', 'X: 31 RS /// L15 /// 178 /', 'RS,[L15]', (b) =>
    moveToMsr(b, i64(MSR.IMPLEMENTED & ~(MSR.HV | MSR.ME | MSR.LE))),
  ),
  privileged('mfmsr', 'X: 31 RT /// 83 /', 'RT', (b) => b.setGpr('RT', b.reg('msr'))),

  // Book III, 5.9.3.1. Storage is real here, so there are no entries to lose: who repairs a lookaside buffer with it, is heard.
  privileged('slbia', 'X: 31 /// IH /// 498 /', '[IH]', (b) => b.slbInvalidated()),
].flat();

/** The machine state and address of a save/restore pair. */
function returnTo(b: Builder, address: RegisterName, state: RegisterName, changeable: I64): void {
  setMsr(b, b.reg(state), changeable);
  b.branch(and(b.reg(address), ~3));
  b.interruptReturn();
}

function moveToMsr(b: Builder, changeable: I64): void {
  b.if(
    b.field('L15'),
    () => b.setReg('msr', merge(b, b.gpr('RS'), i64(MSR.EE | MSR.RI))),
    () => setMsr(b, b.gpr('RS'), changeable),
  );
}

/** Problem state implies external interrupts and address translation: PR sets EE, IR and DR. */
function setMsr(b: Builder, value: I64, changeable: I64): void {
  const implied = select(eqz(and(value, MSR.PR)), i64(0), i64(MSR.EE | MSR.IR | MSR.DR));
  b.setReg('msr', merge(b, or(value, implied), changeable));
}

function merge(b: Builder, value: I64, changeable: I64): I64 {
  const ones = b.let(changeable);
  return or(and(value, ones), and(b.reg('msr'), not(ones)));
}
