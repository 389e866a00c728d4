import { expect, it } from 'vitest';
import { bench } from '../../testing.ts';

/** The three digits of a declet by the cases of its bits v, w, x, s, t, as the table of the encoding lists them. */
function digitsOf(declet: number): [number, number, number] {
  const bits = (from: number, count: number): number => (declet >> from) & (2 ** count - 1);
  const [pqr, stu, wxy, v] = [bits(7, 3), bits(4, 3), bits(0, 3), bits(3, 1)];
  if (v === 0) return [pqr, stu, wxy];
  const [r, u, y] = [bits(7, 1), bits(4, 1), bits(0, 1)];
  const [pq, st] = [bits(8, 2), bits(5, 2)];
  const digit = (two: number, last: number): number => 2 * two + last;
  const large = (last: number): number => 8 + last;
  const wx = bits(1, 2);
  if (wx === 0) return [pqr, stu, large(y)];
  if (wx === 1) return [pqr, large(u), digit(st, y)];
  if (wx === 2) return [large(r), stu, digit(pq, y)];
  if (st === 0) return [large(r), large(u), digit(pq, y)];
  if (st === 1) return [large(r), digit(pq, u), large(y)];
  if (st === 2) return [pqr, large(u), large(y)];
  return [large(r), large(u), large(y)];
}

const { vcpu } = bench('cdtbcd 4,3\ncbcdtd 5,4');

/** What cdtbcd makes of a doubleword, and cbcdtd of that. */
function converted(declets: bigint): [digits: bigint, declets: bigint] {
  vcpu.nip = 0x1000;
  vcpu.setGpr(3, declets);
  vcpu.run(2);
  return [vcpu.gpr(4), vcpu.gpr(5)];
}

/** Two groups in each half of a doubleword. */
const inAllPlaces = (value: number, width: bigint): bigint => {
  const one = BigInt(value);
  const word = one | (one << width);
  return word | (word << 32n);
};

it('every declet is three digits, in each of its four places, and the digits are its canonical form', () => {
  for (let declet = 0; declet < 1024; declet++) {
    const [a, b, c] = digitsOf(declet);
    const isLarge = a > 7 && b > 7 && c > 7; // then two bits mean nothing, and are zero in the canonical form
    const [digits, again] = converted(inAllPlaces(declet, 10n));
    expect([declet, digits]).toEqual([declet, inAllPlaces(0x100 * a + 0x10 * b + c, 12n)]);
    expect(again).toBe(inAllPlaces(isLarge ? declet & 0xff : declet, 10n));
  }
});
