import { declareQueue } from '@checkstop/hypervisor';
import { definePlugin, type Events, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { runCell } from '../run-cell.ts';
import { cellOf, search, violated } from './cells.fixture.ts';

const notifications = ['hcall', 'illegal-instruction', 'exit'];
const space = notifications.flatMap((notification) =>
  ['hold', 'poll', 'condition', 'guest-retry']
    .filter((waiting) => notification !== 'exit' || waiting !== 'guest-retry')
    .map((waiting) => ({
      notification,
      waiting,
      strategy: `delivery:notification=${notification},waiting=${waiting}`,
    })),
);
const GUESTS = ['guest-linux', 'guest-other-os:sprg2=unused'];

describe('how the hypervisor learns of a check says nothing about the deadlock; how it waits says all', () => {
  it.each(space)('$notification, $waiting', async ({ strategy, waiting }) => {
    for (const guest of GUESTS)
      expect(violated(await search(strategy, guest))).toEqual(waiting === 'hold' ? ['noDeadlock'] : []);
  });
});

describe('a vector that compares', () => {
  const busy = 'delivery:notification=hcall,waiting=guest-retry,busy=cr0';

  it('does no harm where CR is sampled as the check strikes', async () => {
    for (const guest of GUESTS) expect((await search(busy, guest)).result.verdict).toBe('holds');
  });

  it('hands its own comparison over where CR is sampled at the report, and it takes two checks to see that', async () => {
    const { result } = await search(`${busy},sampleCr=report`, 'guest-linux');
    expect(result.violations.find(({ property }) => property === 'entryContract')).toMatchObject({
      faults: 2,
      text: expect.stringMatching(/^CR is/),
    });
  });

  it('leaves CR alone at the report where it does not compare', async () => {
    const strategy = 'delivery:notification=hcall,waiting=guest-retry,sampleCr=report';
    expect((await search(strategy, 'guest-linux')).result.verdict).toBe('holds');
  });
});

it('the architected interrupt finds a guest without a handler of its own there', async () => {
  for (const guest of GUESTS)
    expect(violated(await search('delivery:notification=architected', guest))).toEqual(['justifiedStop']);
});

describe('three vCPUs, whoever gets the interlock next and whoever is woken', () => {
  /** Says when somebody gets the log before another who has waited longer. */
  const line = definePlugin({
    name: 'line',
    version: '1.0.0',
    contract: PLUGIN_CONTRACT,
    requires: ['hypervisor', 'fwnmi'],
    setup(ctx) {
      const waiting = declareQueue(ctx, 'line');
      ctx.bus.on('wait', ({ agent }) => {
        if (!waiting.has(agent)) waiting.push(agent);
      });
      ctx.bus.on('delivered', ({ agent }) => waiting.remove(agent));
      ctx.property({
        kind: 'event',
        name: 'noOvertaking',
        on: ['logWritten'],
        check(payload) {
          const { agent } = payload as Events['logWritten'];
          const { first } = waiting;
          return first === -1 || first === agent ? undefined : `vcpu${agent} got the log before vcpu${first}`;
        },
      });
    },
  });
  const three = async (strategy: string, profile: Record<string, unknown>) => {
    const { spec } = await cellOf(strategy, 'guest-linux', profile);
    return runCell(await prepareCell({ ...spec, vcpus: 3 }, { plugins: () => [line()] }));
  };

  it.each(['hcall-busy', 'hcall-wait', 'direct-exit'])(
    '%s: nobody is left behind, and nobody overtakes where the interlock is handed on in order',
    async (strategy) => {
      for (const handOff of ['barging', 'fifo'])
        for (const wake of ['signal', 'broadcast'])
          expect(violated(await three(strategy, { handOff, wake }))).toEqual(
            handOff === 'barging' && strategy !== 'hcall-busy' ? ['noOvertaking'] : [],
          );
    },
    60_000,
  );
});
