import type { CellRun } from '@checkstop/cli';

/**
 * What each cell of the demo is expected to say, under `sprg2: private`, and the property that says it. Compared with what
 * was found, never the other way round.
 */
interface Expected {
  readonly verdict: 'holds' | 'violated';
  /** Properties that must be among the violated ones. */
  readonly properties: readonly string[];
}

const holds: Expected = { verdict: 'holds', properties: [] };
const violated = (...properties: string[]): Expected => ({ verdict: 'violated', properties });

/** Strategy, then guest. */
export const expected: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  'hcall-hold': { 'guest-linux': violated('noDeadlock'), 'guest-other-os': violated('noDeadlock', 'entryContract') },
  'hcall-busy': { 'guest-linux': holds, 'guest-other-os': violated('entryContract') },
  'hcall-wait': { 'guest-linux': holds, 'guest-other-os': violated('entryContract') },
  'illegal-instruction': { 'guest-linux': holds, 'guest-other-os': holds },
  'direct-exit': { 'guest-linux': holds, 'guest-other-os': holds },
};

/** What a verdict is compared by. */
export interface Found {
  readonly cell: { readonly spec: Pick<CellRun['cell']['spec'], 'strategy' | 'guest'> };
  readonly result: { readonly verdict: string; readonly violations: readonly { readonly property: string }[] };
}

/** What is unexpected about a finished cell, in words; undefined when it came out as expected. */
export function surprise({ cell: { spec }, result }: Found): string | undefined {
  const wanted = expected[spec.strategy.name]?.[spec.guest.name];
  const found = result.violations.map(({ property }) => property);
  const missing = wanted?.properties.filter((property) => !found.includes(property)) ?? [];
  if (wanted?.verdict === result.verdict && missing.length === 0) return undefined;
  const expectation = wanted ? [wanted.verdict, ...wanted.properties].join(' ') : 'nothing';
  return `${spec.strategy.name} x ${spec.guest.name}: expected ${expectation}, found ${[result.verdict, ...found].join(' ')}`;
}
