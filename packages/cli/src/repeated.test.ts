import { expect, it } from 'vitest';
import { joinRepeated } from './repeated.ts';

const args = { check: { type: 'string' }, seed: { type: 'string' }, full: { type: 'boolean' } } as const;
const join = (...rawArgs: string[]): string[] => joinRepeated(rawArgs, args, ['check']);

it('joins what may be given more than once, however it is written', () => {
  expect(join('a', '--check', '0@1', '--full', '--check=1@2 0@3', 'b')).toEqual([
    ...['a', '--check=0@1 1@2 0@3', '--full', 'b'],
  ]);
});

it('leaves all else as it is, the empty word too', () => {
  const words = ['', '--check', '0@1', '--seed=', '--', '--check', '--check'];
  expect(join(...words)).toEqual(words);
});

it('refuses what would be forgotten', () => {
  expect(() => join('--seed', '1', '--seed=2')).toThrow("'--seed' is given more than once");
  expect(() => join('--check', '0@1', '--check')).toThrow("'--check' needs a value");
});
