import type { Property } from '@checkstop/kernel';
import { expect, it } from 'vitest';
import { Monitor } from './monitor.ts';
import { toyMachine } from './toy.fixture.ts';

const waits: Property = { kind: 'bottom', name: 'patient', check: () => 'complains everywhere' };
const silent: Property = { kind: 'event', name: 'silent', on: ['said'], check: () => 'somebody spoke' };

it('judges a state in the middle of a run, and hears nothing of what could follow', () => {
  const machine = toyMachine({ programs: [[{ op: 'set', value: 1 }, { op: 'say' }]] });
  const monitor = new Monitor(machine, [waits, silent]);
  monitor.beforeStep();
  machine.step(0);
  // The end after the next step leads nowhere: here it is not, and on the way there somebody speaks.
  expect(monitor.judge()).toEqual([]);
  expect(monitor.judge(0)).toBeUndefined();
  expect(monitor.beforeStep()).toEqual([]);
  machine.step(0);
  expect(monitor.end()).toMatchObject({
    violations: [{ property: 'silent', step: 2 }],
    ending: [{ property: 'patient', step: 2 }],
  });
});
