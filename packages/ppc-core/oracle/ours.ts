import { MSR } from '../src/state.ts';
import { bench } from '../src/testing.ts';
import { type Case, DATA, initialData, type Outcome, startOf, TARGET } from './case.ts';
import { DATA_BYTES, type Endian, PLACE, SLOTS } from './harness.ts';

const SPECIAL = ['cr', 'xer', 'lr', 'ctr'] as const;
const RAM = 2 ** 21;

/** How a case is run. */
export interface RunnerOptions {
  readonly logged?: boolean;
  /** In 64-bit mode, the default, or 32-bit mode. */
  readonly narrow?: boolean;
}

/** Runs cases on a vCPU of ours, in problem state. Undefined where the instruction raised an interrupt or an exit, or went astray. */
export function ourRunner(endian: Endian, options: RunnerOptions = {}): (each: Case) => Outcome | undefined {
  const { logged = true, narrow = false } = options;
  const { machine, vcpu } = bench('nop', { endian, ram: RAM });
  machine.arena.logging = logged;
  const msr = (narrow ? 0n : MSR.SF) | MSR.PR | MSR.ME | (endian === 'little' ? MSR.LE : 0n);
  const end = PLACE.slots + 4 * SLOTS;
  return ({ words, before }) => {
    machine.arena.forgetMarks();
    vcpu.setReg('msr', msr);
    for (const [n, value] of before.gpr.entries()) vcpu.setGpr(n, value);
    for (const name of SPECIAL) vcpu.setReg(name, before[name]);
    machine.ram.writeBytes(DATA, initialData());
    const start = startOf(words.length);
    for (const [index, word] of words.entries()) machine.ram.writeU32(start + 4 * index, word, endian);
    vcpu.nip = start;
    const { exit } = vcpu.run(words.length);
    if (exit !== undefined || vcpu.reg('msr') !== msr) return undefined;
    // The harness ends elsewhere: QEMU would not have come back to tell.
    if (vcpu.nip !== end && vcpu.nip !== TARGET) return undefined;
    return {
      fellThrough: vcpu.nip === end,
      gpr: Array.from({ length: 32 }, (_, n) => vcpu.gpr(n)),
      ...{ cr: vcpu.reg('cr'), xer: vcpu.reg('xer'), lr: vcpu.reg('lr'), ctr: vcpu.reg('ctr') },
      data: machine.ram.readBytes(DATA, DATA_BYTES),
    };
  };
}
