import type { Property } from '@checkstop/kernel';
import { MSR } from '@checkstop/ppc-core';
import { compareRegisters, compareSrr1, excusedSprgs, hex, mismatch } from './compare.ts';
import { on } from './event-property.ts';
import type { ContractView } from './view.ts';

/** At the first instruction of the registered routine (LoPAR R1-7.3.14-13). */
export function entryContract(view: ContractView): Property {
  return on('entryContract', 'delivered', ({ agent }) => {
    const vcpu = view.processor.vcpus[agent];
    const check = view.ledger.top(agent);
    if (!check) return undefined;
    return (
      buffer(view, vcpu.gpr(3), check.gprs.get(3)) ??
      compareRegisters(vcpu, check, { gprs: [3], special: excusedSprgs(view, check) }) ??
      (vcpu.reg('srr0') === check.nip ? undefined : mismatch('SRR0', vcpu.reg('srr0'), check.nip)) ??
      compareSrr1(vcpu.reg('srr1'), check.msr) ??
      entryMsr(view, agent, vcpu.reg('msr'))
    );
  });
}

function buffer(view: ContractView, r3: bigint, savedR3: bigint): string | undefined {
  const { start, end } = view.bounds();
  if (r3 % 16n !== 0n || r3 < BigInt(start) || r3 + 16n > BigInt(end)) {
    const where = view.sharedSprg() === 'sprg1' ? 'page 7' : 'RTAS space';
    return `r3 is ${hex(r3)}, no 16-byte-aligned buffer in ${where} (${hex(BigInt(start))} + ${end - start})`;
  }
  const stored = view.readU64(Number(r3));
  if (stored !== savedR3) return mismatch("the buffer's first doubleword", stored, savedR3);
  const version = view.readU64(Number(r3) + 8) >> 56n;
  if (version !== 6n) return `the log at r3+8 has version ${version}, not 6`;
  const why = view.malformed(Number(r3) + 8);
  return why === undefined ? undefined : `the log at r3+8 can't be read: ${why}`;
}

/** A 64-bit OS whatever its task was, with machine checks enabled, in the byte order of its interrupts. */
function entryMsr(view: ContractView, agent: number, msr: bigint): string | undefined {
  const expected = MSR.SF | MSR.ME | (view.littleEndianInterrupts(agent) ? MSR.LE : 0n);
  return msr === expected ? undefined : `MSR is ${hex(msr)} at the routine's entry, it should be ${hex(expected)}`;
}
