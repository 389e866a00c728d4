import { expect, it } from 'vitest';
import { arrangements, placesOf } from './arrangements.ts';

it('has each order that looks different once, the one that is there first', () => {
  const looks = (arrangements([7, 8, 7], 10) ?? []).map((order) => order.map((index) => [7, 8, 7][index]).join(''));
  expect(looks).toEqual(['787', '778', '877']);
  expect(arrangements([], 10)).toEqual([[]]);
});

it('has none where there are too many', () => {
  expect(arrangements([1, 2, 3], 6)).toHaveLength(6);
  expect(arrangements([1, 2, 3], 5)).toBeUndefined();
});

it('turns an order into places', () => {
  expect(placesOf([2, 0, 1])).toEqual([1, 2, 0]);
});
