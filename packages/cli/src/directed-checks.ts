import { CheckstopError, type Machine, type Scheduler } from '@checkstop/kernel';

/** Where a check shall strike: on which vCPU, after how many steps or before which instruction. */
export interface Strike {
  readonly vcpu: number;
  /** Address of the instruction; the check strikes the first time that it is next. */
  readonly address?: number;
  /** Steps of the machine, counted from the guest's `ready`; the check strikes at the first boundary from there on. */
  readonly step?: number;
}

const STRIKE = /^(\d+)@(?:(\d+)|(0x[\da-f]+)|([a-z_.$][\w.$]*)(?:\+(0x[\da-f]+|\d+))?)$/i;

/**
 * Reads `VCPU@STEP`, `VCPU@0xADDRESS` or `VCPU@SYMBOL+OFFSET`; symbols are the guest's.
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
  if (step !== undefined) return { vcpu, step: Number(step) };
  if (address !== undefined) return { vcpu, address: Number(address) };
  const { symbols } = machine.use('guest');
  const base = symbols.get(symbol ?? '');
  if (base === undefined) throw bad(`the guest has no symbol '${symbol}', it has ${[...symbols.keys()].join(', ')}`);
  return { vcpu, address: base + Number(offset) };
}

/** A scheduler that lets checks strike where they shall, each once, and leaves all else to another, which takes single steps. */
export function directedChecks(inner: Scheduler, strikes: readonly Strike[], machine: Machine): Scheduler {
  const { vcpus } = machine.use('processor');
  const left = new Set(strikes);
  let steps = 0;
  return {
    next(alternatives) {
      for (const strike of left) {
        const due =
          strike.address === undefined
            ? steps >= (strike.step ?? 0)
            : vcpus[strike.vcpu]?.reg('nip') === BigInt(strike.address);
        const index = due ? alternatives.findIndex(({ agent, cost }) => agent === strike.vcpu && cost === 'fault') : -1;
        if (index < 0) continue;
        left.delete(strike);
        return { index, budget: 1 };
      }
      const decision = inner.next(alternatives);
      if (decision) steps += 1;
      return decision && { ...decision, budget: 1 };
    },
    choose: (name, count) => inner.choose?.(name, count) ?? 0,
  };
}
