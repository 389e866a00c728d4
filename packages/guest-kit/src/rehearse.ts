import { CheckstopError, type Machine, type Plugin, type RunResult, roundRobin } from '@checkstop/kernel';
import { MSR, type RegisterName, type Vcpu } from '@checkstop/ppc-core';
import { bareMachine } from './bare-machine.ts';
import { complaintsOf } from './complaints.ts';

/** Number of the action that `injectChecks` offers. */
const CHECK = 1;
/** Steps until a guest is ready, and until it has made its pass of work, whatever strikes it. */
const MAX_STEPS = 20_000;
/** Steps of one vCPU from one place to another. */
const MAX_PASSED = 1000;
/** Bits that mean something in every register that a guest looks at. */
const FLIPPED = 0x2000_0040n;

/** A label, how the next step reads, or what is so there. */
type Place = string | RegExp | (() => boolean);

/** What vCPU 0 passed on its way: instructions and steps of the hypervisor. */
export interface Passage {
  /** In words. */
  readonly texts: readonly string[];
  /** MSR[RI] before each of them, 0 or 1. */
  readonly ri: string;
  /** Where in `texts` is the first that matches. @throws CheckstopError GUEST_NEVER_THERE when none does */
  indexOf(pattern: RegExp): number;
}

/** A guest at `ready` on a bare machine. */
export interface Rehearsal {
  readonly machine: Machine;
  /** The vCPU that is struck and looked at, vCPU 0. */
  readonly vcpu: Vcpu;
  /** What properties complain of from `ready` on, see `complaintsOf`. */
  readonly complaints: readonly string[];
  /** A check strikes the vCPU. */
  strike(): void;
  /**
   * Steps the vCPU until its next instruction is at a label, its next step reads like this, or that is so.
   *
   * @throws CheckstopError GUEST_NEVER_THERE when it does not get there
   */
  until(there: Place): Passage;
  /** Lets all vCPUs go on until nothing is left to happen but further checks; answers why it ended. */
  finish(): RunResult['reason'];
  /** Bytes of what the vCPU has for itself (capability `guest`, `regions`). */
  own(offset: number, length: number): Uint8Array;
  /** Turns two bits of a register of the vCPU, or of each of the two doublewords at its stack pointer. */
  corrupt(what: RegisterName | `r${number}` | 'stack'): void;
}

/** Boots a guest on a `bareMachine`, by default with one vCPU and one check, and answers with what a test of it asks. */
export function rehearse(
  guest: Plugin,
  { vcpus = 1, checks = 1, poison = false }: NonNullable<Parameters<typeof bareMachine>[1]> = {},
): Rehearsal {
  const machine = bareMachine(guest, { vcpus, checks, poison });
  machine.boot({ maxSteps: MAX_STEPS });
  const [vcpu] = machine.use('processor').vcpus;
  const { regions, symbols } = machine.use('guest');
  const isThere = (there: Place, text: string): boolean => {
    if (typeof there === 'function') return there();
    if (there instanceof RegExp) return there.test(text);
    return vcpu.nip === symbols.get(there) && machine.use('hypervisor').mode(0) === 'guest';
  };
  return {
    machine,
    vcpu,
    complaints: complaintsOf(machine),
    strike: () => void machine.step(0, CHECK),
    until(there) {
      const texts: string[] = [];
      let ri = '';
      for (;;) {
        const text = machine.describeAgent(0);
        if (isThere(there, text)) return { texts, ri, indexOf: (pattern) => indexOf(texts, pattern) };
        if (texts.length === MAX_PASSED || !machine.available(0, 0)) throw neverThere(`${there}`, text);
        texts.push(text);
        ri += vcpu.reg('msr') & MSR.RI ? '1' : '0';
        machine.step(0);
      }
    },
    finish: () => machine.run(roundRobin(), { maxSteps: MAX_STEPS }).reason,
    own: (offset, length) => machine.ram.readBytes(regions.base + offset, length),
    corrupt(what) {
      if (what === 'stack')
        for (const at of [0, 8].map((offset) => Number(vcpu.gpr(1)) + offset))
          machine.ram.writeU64(at, machine.ram.readU64(at, 'big') ^ FLIPPED, 'big');
      else if (isGpr(what)) vcpu.setGpr(Number(what.slice(1)), vcpu.gpr(Number(what.slice(1))) ^ FLIPPED);
      else vcpu.setReg(what, vcpu.reg(what) ^ FLIPPED);
    },
  };
}

const isGpr = (what: RegisterName | `r${number}`): what is `r${number}` => /^r\d+$/.test(what);

function indexOf(texts: readonly string[], pattern: RegExp): number {
  const at = texts.findIndex((text) => pattern.test(text));
  if (at < 0) throw neverThere(`${pattern}`, texts.at(-1) ?? 'where it began');
  return at;
}

const neverThere = (what: string, at: string): CheckstopError =>
  new CheckstopError('GUEST_NEVER_THERE', `vCPU 0 did not come to ${what}; the last it came to is ${at}.`, { at });
