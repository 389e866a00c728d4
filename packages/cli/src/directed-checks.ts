import { CheckstopError, type Machine, type Scheduler } from '@checkstop/kernel';
import { counted } from '@checkstop/report';

/** Where a check shall strike: on which vCPU, after how many steps or before which instruction. */
export interface Strike {
  readonly vcpu: number;
  /** Address of the instruction; the check strikes the first time that it is next. */
  readonly address?: bigint;
  /** Number of the step, counted from 0 at the guest's `ready`, that the check shall be; it strikes at the first boundary from there on. */
  readonly step?: number;
  /** As the user wrote it. */
  readonly text: string;
}

const STRIKE = /^(\d+)@(?:(\d+)|(0x[\da-f]+)|([a-z_.$][\w.$]*)(?:\+(0x[\da-f]+|\d+))?)$/i;

/**
 * Reads where a check shall strike: `VCPU@STEP`, `VCPU@0xADDRESS` or `VCPU@SYMBOL+OFFSET`; symbols are the guest's.
 *
 * @throws CheckstopError CLI_BAD_STRIKE
 */
export function parseStrike(text: string, machine: Machine): Strike {
  const bad = (why: string): CheckstopError =>
    new CheckstopError('CLI_BAD_STRIKE', `'${text}': ${why}; write VCPU@STEP, VCPU@0xADDRESS or VCPU@SYMBOL+OFFSET.`, {
      text,
    });
  const [, number, step, address, symbol, offset = '0'] = STRIKE.exec(text) ?? [];
  const vcpu = Number(number);
  if (number === undefined) throw bad('no place to strike');
  if (vcpu >= machine.agents.length) throw bad(`there are vCPUs 0 to ${machine.agents.length - 1}`);
  if (step !== undefined) return { vcpu, text, step: Number(step) };
  const strikeAt = (address: bigint): Strike => {
    if (address >> 64n !== 0n) throw bad(`0x${address.toString(16)} has more than 64 bits`);
    if (address % 4n !== 0n) throw bad(`no instruction lies at 0x${address.toString(16)}, which is no multiple of 4`);
    return { vcpu, text, address };
  };
  if (address !== undefined) return strikeAt(BigInt(address));
  const { symbols } = machine.use('guest');
  const base = symbols.get(symbol ?? '');
  if (base === undefined) throw bad(`the guest has no symbol '${symbol}', it has ${[...symbols.keys()].join(', ')}`);
  return strikeAt(BigInt(base) + BigInt(offset));
}

/**
 * Makes sure that there are as many checks as shall strike.
 *
 * @throws CheckstopError CLI_BAD_STRIKE
 */
export function allowStrikes(strikes: readonly Strike[], perVcpu: number | 'unbounded'): void {
  if (perVcpu === 'unbounded') return;
  for (const { vcpu } of strikes) {
    const wanted = strikes.filter((strike) => strike.vcpu === vcpu).length;
    if (wanted > perVcpu)
      throw new CheckstopError(
        'CLI_BAD_STRIKE',
        `vCPU ${vcpu} shall be struck ${wanted} times, but --checks ${perVcpu} allows ${perVcpu}; say --checks ${wanted}.`,
        { vcpu, wanted, perVcpu },
      );
  }
}

/** A scheduler that also knows which checks it has not let strike. */
export interface DirectedChecks extends Scheduler {
  /** The checks left, each with the reason in words. */
  missed(): readonly (readonly [strike: Strike, why: string])[];
}

/** A scheduler that lets checks strike where they shall, each once, and leaves all else to another, which takes single steps. */
export function directedChecks(inner: Scheduler, strikes: readonly Strike[], machine: Machine): DirectedChecks {
  const { vcpus } = machine.use('processor');
  const left = new Set(strikes);
  /** Those whose time had come while no check could strike. */
  const late = new Set<Strike>();
  let steps = 0;
  return {
    next(alternatives) {
      for (const strike of left) {
        const due =
          strike.address === undefined
            ? steps >= (strike.step ?? 0)
            : vcpus[strike.vcpu]?.reg('nip') === strike.address;
        const index = due
          ? alternatives.findIndex(({ agent, action }) => agent === strike.vcpu && action === 'check')
          : -1;
        if (due && index < 0) late.add(strike);
        if (index < 0) continue;
        left.delete(strike);
        steps += 1;
        return { index, budget: 1 };
      }
      const decision = inner.next(alternatives);
      if (decision) steps += 1;
      return decision && { ...decision, budget: 1 };
    },
    choose: (name, count) => inner.choose?.(name, count) ?? 0,
    missed: () =>
      [...left].map((strike) => {
        const { vcpu, step, address = 0n } = strike;
        if (late.has(strike))
          return [strike, `vCPU ${vcpu} came there, but at no boundary at which a check was left to strike it`];
        if (step !== undefined) return [strike, `the run ended after ${counted(steps, 'step')}`];
        return [strike, `vCPU ${vcpu} never came to 0x${address.toString(16)} in ${counted(steps, 'step')}`];
      }),
  };
}
