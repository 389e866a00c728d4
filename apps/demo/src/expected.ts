/**
 * What each cell of the demo is expected to say, under `sprg2: private`, and the property that says it. Compared with what
 * was found, never the other way round.
 */
export interface Expected {
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
