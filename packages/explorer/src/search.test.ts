import { describe, expect, it } from 'vitest';
import { explore } from './search.ts';
import { type Op, toyMachine, type View } from './toy.fixture.ts';

const increment: Op[] = [
  { op: 'load', cell: 0 },
  { op: 'add', value: 1 },
  { op: 'store', cell: 0 },
];
const locked = (body: Op[]): Op[] => [{ op: 'lock' }, ...body, { op: 'unlock' }];

const counted = (view: View) => [
  {
    kind: 'bottom' as const,
    name: 'counted',
    check: () => (view.cell(0) === 2 ? undefined : `the counter ends at ${view.cell(0)}`),
  },
];

describe.each(['reduced', 'unreduced'] as const)('%s search', (mode) => {
  it('finds a lost update, with one preemption', () => {
    const machine = toyMachine({ programs: [increment, increment], properties: counted });
    const result = explore(machine, { mode }).run();
    expect(result.verdict).toBe('violated');
    expect(result.violations).toMatchObject([
      { property: 'counted', text: 'the counter ends at 1', faults: 0, preemptions: 1, steps: 4, shortest: true },
    ]);
  });

  it('says that the lock repairs it', () => {
    const machine = toyMachine({ programs: [locked(increment), locked(increment)], properties: counted });
    expect(explore(machine, { mode }).run()).toMatchObject({ verdict: 'holds', violations: [], complete: true });
  });
});
