import { linuxGuest } from '@checkstop/guest-linux';
import { definePlugin } from '@checkstop/kernel';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { unusualOptions } from './unusual.ts';

const definition = { name: 'mine', version: '1.0.0', contract: 1, setup: () => {} };

it.each([
  ['none', linuxGuest(), {}],
  [
    'one, and one that is given as it is by default',
    linuxGuest({ testRi: false, endian: 'little' }),
    { testRi: false },
  ],
  [
    'a list',
    definePlugin({ ...definition, options: v.object({ l: v.optional(v.array(v.number()), [1]) }) })({ l: [2] }),
    { l: [2] },
  ],
  [
    'a list as by default',
    definePlugin({ ...definition, options: v.object({ l: v.optional(v.array(v.number()), [1]) }) })({ l: [1] }),
    {},
  ],
  [
    'all, where one has to be given',
    definePlugin({ ...definition, options: v.object({ must: v.string(), may: v.optional(v.number(), 1) }) })({
      must: 'x',
    }),
    { must: 'x', may: 1 },
  ],
  ['none, of a plugin without any', definePlugin(definition)(), {}],
])('finds %s', (_what, plugin, unusual) => {
  expect(unusualOptions(plugin)).toEqual(unusual);
});
