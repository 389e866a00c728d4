import { expect, it } from 'vitest';
import { boundsText } from './bounds.ts';
import { checkstop } from './testing.fixture.ts';

it('breaks lines that are too wide behind commas, and loses nothing', () => {
  const lines = ['short', 'profile    sprg2 private, base 0xf000, size 0x1000'];
  expect(boundsText(lines, 80)).toBe(lines.join('\n'));
  expect(boundsText(lines, 36)).toBe('short\nprofile    sprg2 private,\n           base 0xf000, size 0x1000');
  expect(boundsText(['one, two'], 1)).toBe('one,\n           two');
});

it('says first what the profile makes of SPRG2, and what is not the default in it', async () => {
  const run = (...argv: string[]) => checkstop(['run', 'direct-exit', 'guest-linux', ...argv], { columns: 80 });
  const { out } = await run('--profile', 'log=main');
  expect(out).toMatch(/^profile {4}sprg2 private, log main,/m);
  for (const line of out.slice(0, out.indexOf('scheduler')).split('\n').slice(1))
    expect(line.length).toBeLessThanOrEqual(90);
});
