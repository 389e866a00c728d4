import { describe, expect, it } from 'vitest';
import { GREEN, search, violated } from './cells.fixture.ts';

/** A deliberate mistake, where its mechanism exists, and the property that must see it. */
interface Mutant {
  readonly what: string;
  readonly strategy?: string;
  readonly guest?: string;
  readonly seenBy: string;
  /** So much is published that guessing what may be merged is not worth it. */
  readonly wild?: boolean;
}

const everywhere: Mutant[] = [
  { what: 'a handler that does not test RI', guest: 'testRi=false', seenBy: 'noFalseResume' },
  { what: 'an interlock that nobody takes', strategy: 'interlock=none', seenBy: 'ownLog', wild: true },
];
const hcall: Mutant[] = [
  { what: 'SRR0/1 read at the report call', strategy: 'sample=report', seenBy: 'entryContract' },
  { what: 'a private frame laid over the log', strategy: 'frame=log', seenBy: 'entryContract' },
];
const illegal: Mutant[] = [
  {
    what: 'an exit that does not ask for a pending check',
    strategy: 'testPending=false',
    guest: 'forge=branch',
    seenBy: 'delivered',
  },
];

const mutantsOf = (strategy: string): Mutant[] => [
  ...everywhere,
  ...(strategy.startsWith('hcall') ? hcall : strategy === 'illegal-instruction' ? illegal : []),
];
const withOption = (name: string, option: string | undefined): string => (option ? `${name}:${option}` : name);

describe('every green cell can turn red', () => {
  const cases = GREEN.flatMap(([strategy, guest]) =>
    mutantsOf(strategy).map((mutant) => ({ cell: `${strategy} x ${guest}`, strategy, guest, mutant })),
  );

  it.each(cases)(
    '$cell: $mutant.what',
    async ({ strategy, guest, mutant }) => {
      // A guest that runs wild has more states than are worth visiting once the mistake is found.
      const options = { limits: { states: 300_000 }, ...(mutant.wild && { mode: 'closure' as const }) };
      const run = await search(withOption(strategy, mutant.strategy), withOption(guest, mutant.guest), options);
      expect(run.result.verdict).toBe('violated');
      expect(violated(run)).toContain(mutant.seenBy);
    },
    60_000,
  );

  it('the guest that forges a report is harmless while the exit tests what it must', async () => {
    for (const guest of ['guest-linux', 'guest-other-os'])
      for (const forge of ['word', 'branch'])
        expect((await search('illegal-instruction', `${guest}:forge=${forge}`)).result.verdict).toBe('holds');
  });
});
