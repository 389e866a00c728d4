import { describe, expect, it } from 'vitest';
import { runSpin, spinVersion } from './spin.ts';
import { yardstick } from './yardstick.ts';

const strategies = ['hcall-hold', 'hcall-busy', 'hcall-wait', 'illegal-instruction', 'direct-exit'];
const throughSprg2 = ['hcall-hold', 'hcall-busy', 'hcall-wait'];

const missing = spinVersion() === null;
if (missing) {
  if (process.env.CHECKSTOP_ORACLE === 'required')
    throw new Error('An oracle is missing: spin or gcc is not installed.');
  console.warn('spin or gcc is not installed: the Promela models are left out');
}

describe.skipIf(missing)('the Promela models', () => {
  it.each(Object.entries(yardstick))('%s: holds in at most a tenth more states than the yardstick', (cell, states) => {
    const [model = '', VCPUS, CHECKS] = cell.split(' ');
    const found = runSpin({ model, knobs: { VCPUS: Number(VCPUS), CHECKS: Number(CHECKS) } });
    expect(found.verdict).toBe('holds');
    expect(found.states).toBeLessThanOrEqual(1.1 * states);
  });

  it.each([2, 3])('%i vCPUs: retrying with the lock held is a deadlock', (VCPUS) => {
    expect(runSpin({ model: 'hcall-hold', knobs: { VCPUS } }).verdict).toBe('violated');
  });

  it.each(strategies)('%s: a value kept in SPRG2 is lost exactly where the vector goes through it', (model) => {
    const verdict = throughSprg2.includes(model) ? 'violated' : 'holds';
    expect(runSpin({ model, knobs: { PERSISTENT: 1 } }).verdict).toBe(verdict);
    if (verdict === 'violated') expect(runSpin({ model, knobs: { PERSISTENT: 1, VCPUS: 1 } }).verdict).toBe(verdict);
  });

  it.each(strategies)('%s: a handler that does not test RI, and an interlock that nobody takes, are found', (model) => {
    expect(runSpin({ model, knobs: { TEST_RI: 0 } }).verdict).toBe('violated');
    expect(runSpin({ model, knobs: { INTERLOCK: 0 } }).verdict).toBe('violated');
  });
});
