import type { ArgsDef } from 'citty';
import { expect, it } from 'vitest';
import { joinRepeated, optionsIn } from './typed-options.ts';

const args: ArgsDef = {
  guest: { type: 'positional' },
  check: { type: 'string' },
  seed: { type: 'string' },
  'max-states': { type: 'string', alias: 'm' },
  endian: { type: 'enum', options: ['big', 'little'] },
  full: { type: 'boolean' },
};
const join = (...rawArgs: string[]): string[] => joinRepeated(rawArgs, args, ['check']);

it('joins what may be given more than once, however it is written', () => {
  expect(join('a', '--check', '0@1', '--full', '--check=1@2 0@3', 'b')).toEqual([
    ...['a', '--check=0@1 1@2 0@3', '--full', 'b'],
  ]);
});

it('leaves all else as it is, the empty word too', () => {
  const words = ['', '--check', '0@1', '--seed', '-1', '--', '--check', '--check'];
  expect(join(...words)).toEqual(words);
});

it.each([
  [['--seed', '1', '--seed=2'], "'--seed' is given more than once"],
  [['--endian', 'big', '--endian', 'big'], "'--endian' is given more than once"],
  [['--max-states', '1', '--maxStates', '2'], "'--max-states' is given more than once"],
  [['-m', '1', '--maxStates', '2'], "'--max-states' is given more than once"],
  [['--check', '0@1', '--check'], "'--check' needs a value"],
  [['--check='], "'--check' needs a value"],
  [['--check', '--full'], "'--check' needs a value"],
  [['--full=maybe'], "'--full' takes no value"],
  [['--no-seed'], "Unknown option '--no-seed'"],
  [['--guest', 'x'], "Unknown option '--guest'"],
  [['--sed', '1'], "Unknown option '--sed'"],
  [['-x'], "Unknown option '-x'"],
  [['--__proto__=1'], "Unknown option '--__proto__'"],
  [['--toString'], "Unknown option '--toString'"],
])('refuses what would be passed over: %j', (words, message) => {
  expect(() => join(...words)).toThrow(message);
});

it('knows an option by each of its names', () => {
  const words = ['x', '--no-full', '--maxStates', '1', '--check=--full', '--', '--seed'];
  expect([...optionsIn(words, args)]).toEqual(['full', 'max-states', 'check']);
  expect([...optionsIn(['-m', '1'], args)]).toEqual(['max-states']);
});
