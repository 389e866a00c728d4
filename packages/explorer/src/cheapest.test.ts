import { expect, it } from 'vitest';
import { Attempt } from './attempt.ts';
import { toyMachine } from './toy.fixture.ts';

it('takes no step that is not in the graph, least of all where the machine is stopped', () => {
  const machine = toyMachine({
    programs: [
      [{ op: 'stop' }, { op: 'say' }],
      [{ op: 'load', cell: 0 }, { op: 'store', cell: 1 }, { op: 'say' }],
    ],
    properties: () => [{ kind: 'event', name: 'quiet', on: ['said'], check: () => 'spoke' }],
  });
  const attempt = new Attempt(machine, machine.properties, {});
  const { breadth, expander } = attempt;
  while (!breadth.complete) breadth.expandNext();
  const { executed } = expander;
  const paths = attempt.cheapest(attempt.violated.map((property) => attempt.target(property)));
  while (!paths.done) paths.advance(1);
  attempt.dispose();
  expect(paths.found).toMatchObject([[{ agent: 1 }, { agent: 1 }, { agent: 1 }]]);
  expect(expander.executed).toBe(executed);
});
