import { describe, expect, it } from 'vitest';
import { fwnmi } from './fwnmi.ts';

describe('the base of RTAS space', () => {
  it.each([
    [512, 'base: 0x200 lies over the interrupt vectors, which end at 0x3000; put RTAS space behind them'],
    [0, 'base: 0x0 lies over the interrupt vectors, which end at 0x3000; put RTAS space behind them'],
    [0x2f00, 'base: 0x2f00 lies over the interrupt vectors, which end at 0x3000; put RTAS space behind them'],
    [0x8010, 'base: 0x8010 begins no page; RTAS space begins at a multiple of 0x100'],
    [2 ** 32, 'base: 0x100000000 is not below 4 GiB, where RTAS finds its arguments; put RTAS space lower'],
  ])('is not %i', (base, message) => {
    expect(() => fwnmi({ base })).toThrow(
      expect.objectContaining({ code: 'PLUGIN_BAD_OPTION', message: expect.stringContaining(message) }),
    );
  });

  it.each([0x3000, 0xf000, 0xffff_ff00])('may be %i', (base) => {
    expect(fwnmi({ base }).options).toMatchObject({ base });
  });
});
