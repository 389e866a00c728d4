import { describe, expect, it } from 'vitest';
import type { Hypervisor } from './hypervisor.ts';
import { cede } from './rows/cede.ts';
import type { StepMachine } from './steps.ts';
import { type BenchOptions, bench, ENTRY } from './testing.ts';

const check = { kind: 'slb-multihit', recovered: false, address: 0n } as const;

/** A hypervisor that keeps a diary; its dispatch takes two steps, or none. */
const made = (machine: 'two steps' | 'none', options: BenchOptions = {}) => {
  const diary: string[] = [];
  const stop = (h: Hypervisor) => h.steps({ name: 'stop', steps: { a: (c) => c.stopSelf() } });
  const bed = bench('li 3,1\n sc 1\n nop', {
    ...options,
    provides: ['dispatcher'],
    extend(h, ctx) {
      h.hcalls.bind(1, cede(h));
      h.hcalls.bind(2, stop(h));
      const steps: StepMachine = h.steps({
        name: 'dispatch',
        steps: {
          first(c) {
            diary.push(`first ${c.agent}`);
            return c.goto('second');
          },
          second: (c) => c.resume(),
        },
      });
      ctx.provide('dispatcher', {
        dispatch: (agent) => {
          diary.push(`dispatch ${agent}`);
          return machine === 'none' ? undefined : steps;
        },
        yielded: (agent) => void diary.push(`yielded ${agent} ${h.mode(agent)}`),
      });
    },
  });
  diary.length = 0; // the start is not what is asked about
  bed.until(0, 'guest');
  return { ...bed, diary };
};

describe('a dispatcher', () => {
  it('is told of who cedes, and takes its steps before the check that wakes the vCPU strikes', () => {
    const { hypervisor, vcpus, until, step, diary, machine } = made('two steps', { exitLock: 'unfair' });
    until(0, 'ceded');
    expect(diary.splice(0)).toEqual(['first 0', 'yielded 0 ceded']);
    hypervisor.checks.latch(0, check);
    expect([hypervisor.mode(0), machine.describeAgent(0)]).toEqual(['hypervisor', 'dispatch: first']);
    hypervisor.resets.latch(0);
    step(0);
    expect([machine.use('exitLock').holder, vcpus[0].nip]).toEqual([-1, ENTRY + 8]);
    step(0);
    expect([hypervisor.mode(0), vcpus[0].nip, vcpus[0].reg('srr0')]).toEqual(['guest', 0x200, 0x100n]);
    expect(diary).toEqual(['dispatch 0', 'first 0']);
  });

  it('that has nothing to do leaves the vCPU where the check strikes at once', () => {
    const { hypervisor, vcpus, until, diary } = made('none');
    until(0, 'ceded');
    hypervisor.checks.latch(0, check);
    expect([hypervisor.mode(0), vcpus[0].nip]).toEqual(['guest', 0x200]);
    expect(diary).toEqual(['yielded 0 ceded', 'dispatch 0']);
  });

  it('is told of who stops and who starts, not of calls and waits', () => {
    const { hypervisor, vcpus, until, step, diary } = made('two steps', { vcpus: 2 });
    diary.length = 0;
    step(0);
    vcpus[0].setGpr(3, 77n);
    step(0, 2);
    expect([hypervisor.mode(0), diary]).toEqual(['guest', []]);
    vcpus[0].nip = ENTRY + 4;
    vcpus[0].setGpr(3, 2n);
    until(0, 'stopped');
    hypervisor.start(0, { nip: ENTRY, r3: 0n, ile: false });
    expect(hypervisor.mode(0)).toBe('hypervisor');
    until(0, 'guest');
    expect([vcpus[0].nip, diary]).toEqual([ENTRY, ['yielded 0 stopped', 'dispatch 0', 'first 0']]);
  });

  it('wakes a vCPU that cedes while a check waits for it', () => {
    const { hypervisor, vcpus, until, diary } = made('two steps');
    until(0, 'hypervisor');
    hypervisor.checks.latch(0, check);
    diary.length = 0;
    until(0, 'guest');
    expect([vcpus[0].nip, vcpus[0].reg('srr0')]).toEqual([0x200, BigInt(ENTRY + 8)]);
    expect(diary).toEqual(['yielded 0 ceded', 'dispatch 0', 'first 0']);
  });
});
