import { describe, expect, it } from 'vitest';
import { delivery } from './delivery.ts';
import { directExit } from './direct-exit.ts';
import { hcallBusy } from './hcall-busy.ts';
import { hcallHold } from './hcall-hold.ts';
import { hcallWait } from './hcall-wait.ts';
import { illegalInstruction } from './illegal-instruction.ts';
import { type Stage, stage } from './testing.ts';

/** vCPU 0 is in its routine with the interlock, vCPU 1 has been struck. */
function contended(strategy: Parameters<typeof stage>[0]): Stage {
  const set = stage(strategy);
  set.strike(0);
  set.until(0, set.label('routine'));
  set.strike(1);
  return set;
}

const lockHolder = ({ machine }: Stage): number => machine.use('exitLock').holder;

/** vCPU 0 gives the interlock back. */
const release = (set: Stage): void => set.until(0, set.label('routine') + 16);

const steps = ({ machine }: Stage, agent: number, count: number): void => {
  for (let i = 0; i < count; i++) machine.step(agent);
};

describe('while another vCPU holds the interlock', () => {
  it('hcall-hold retries inside the hypervisor and keeps the exit lock, so that nobody gets in', () => {
    const set = contended(hcallHold());
    steps(set, 1, 50);
    expect(set.machine.describeAgent(1)).toBe('report machine check: claim');
    expect(lockHolder(set)).toBe(1);
    set.until(0, 'lock');
    expect(set.machine.available(0, 0)).toBe(false);
  });

  it('hcall-busy goes back to the vector, again and again', () => {
    const set = contended(hcallBusy());
    const answers: bigint[] = [];
    for (let round = 0; round < 3; round++) {
      set.until(1, 'hypervisor');
      set.until(1, 0x210);
      answers.push(set.vcpus[1].gpr(3));
    }
    expect(answers).toEqual([0n, 0n, 0n]);
    expect(lockHolder(set)).toBe(-1);
    release(set);
    set.until(1, set.label('routine'));
  });

  it.each([
    ['hcall-wait', hcallWait],
    ['direct-exit', directExit],
  ])('%s waits on the condition, which drops the exit lock', (_, strategy) => {
    const set = contended(strategy());
    set.until(1, 'condition');
    expect(set.machine.available(1, 0)).toBe(false);
    expect(lockHolder(set)).toBe(-1);
    release(set);
    set.until(1, set.label('routine'));
    expect(set.fwnmi.interlock.holder).toBe(1);
  });

  it.each(['hcall', 'illegal-instruction', 'exit'] as const)(
    '%s, polled, drops the exit lock between two tries, so that the holder gets in',
    (notification) => {
      const set = contended(delivery({ notification, waiting: 'poll' }));
      for (let tries = 0; tries < 3; tries++) {
        set.until(1, 'hypervisor');
        set.until(1, 'lock');
        expect(lockHolder(set)).toBe(-1);
      }
      release(set);
      set.until(1, set.label('routine'));
    },
  );

  it('illegal-instruction executes its word again', () => {
    const set = contended(illegalInstruction());
    for (let round = 0; round < 3; round++) {
      set.until(1, 'hypervisor');
      set.until(1, 0x200);
    }
    expect(lockHolder(set)).toBe(-1);
    release(set);
    set.until(1, set.label('routine'));
  });
});
