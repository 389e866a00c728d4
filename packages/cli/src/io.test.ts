import { expect, it } from 'vitest';
import { wantsColors } from './io.ts';

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ CI: 'true' }, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
])('colours, asked by %j with a terminal %s: %s', (env, terminal, wanted) => {
  expect(wantsColors(env, terminal)).toBe(wanted);
});
