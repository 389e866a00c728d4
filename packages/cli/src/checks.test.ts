import { expect, it } from 'vitest';
import { prepareCell } from './cell.ts';
import { checkstop } from './testing.fixture.ts';
import { cellOf } from './whole-machine/cells.fixture.ts';

it('--checks goes as far as checks can be told apart', async () => {
  expect((await checkstop(['explore', '--help'])).out).toMatch(/0 to 4, and no more than the\s+guest lets\s+nest/);
  const { code, err } = await checkstop(['explore', 'direct-exit', 'guest-linux', '--checks', '5']);
  expect([code, err]).toEqual([3, expect.stringMatching(/checks.*0 to 4/)]);
});

it('a guest is not struck more often than its save areas hold', async () => {
  const { code, err } = await checkstop(['explore', 'direct-exit', 'guest-linux', '--checks', '4', '--full']);
  expect([code, err]).toEqual([3, expect.stringMatching(/CHECKS_BEYOND_GUEST.*'guest-linux' saves 3/)]);
  const { spec } = await cellOf('direct-exit', 'guest-linux');
  expect((await prepareCell({ ...spec, checks: { perVcpu: 4 } })).compose().use('guest').levels).toBe(4);
});
