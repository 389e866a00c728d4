import { expect, it } from 'vitest';
import { noDeadlock } from './no-deadlock.ts';
import { progress } from './progress.ts';
import type { ContractView } from './view.ts';

/** What these two look at: where vCPU 0 is, and what the ledger has of it. */
const view = (mode: string, stage?: string) =>
  ({
    processor: { vcpus: [{ index: 0 }] },
    mode: () => mode,
    ledger: { checks: () => (stage ? [{ stage }] : []) },
  }) as unknown as ContractView;

it.each([
  ['lock', undefined, 'nothing can ever free it: vcpu0 waits (lock)'],
  ['condition', undefined, 'nothing can ever free it: vcpu0 waits (condition)'],
  ['hypervisor', undefined, 'nothing can ever free it: vcpu0 waits (hypervisor)'],
  ['guest', 'struck', 'nothing can ever free it: a check of vcpu0 is undelivered'],
  ['ceded', 'struck', 'nothing can ever free it: a check of vcpu0 is undelivered'],
  ['guest', 'entered', undefined],
  ['ceded', undefined, undefined],
  ['stopped', undefined, undefined],
])('a run that ends with its vCPU in mode %s, and a check that is %s: %s', (mode, stage, said) => {
  const property = noDeadlock(view(mode, stage));
  if (property.kind !== 'bottom') throw new Error('noDeadlock is decided where runs end');
  expect(property.check()).toBe(said);
});

it.each([
  [undefined, false, false],
  ['struck', false, true],
  ['entered', false, false],
  [undefined, true, true],
])('of a check that is %s, unrepaired %s, progress waits: %s', (stage, again, pending) => {
  const { ledger } = view('guest', stage);
  expect(progress({ ledger, unrepaired: () => again }).pending(0)).toBe(pending);
});
