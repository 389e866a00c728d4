import { rowMaker } from '../row.ts';

const hint = rowMaker({ footprint: 'registers' });
const store = rowMaker({ footprint: 'store' });

/** Power ISA 3.0B, Book II, 4.3 "Cache Management Instructions". Caches are transparent: all but dcbz have no effect. */
export const cache = [
  store('dcbz', 'X: 31 /// RA RB 1014 /', 'RA0,RB', (b) => b.zeroBlock(b.indexed())),
  hint('dcbt', 'X: 31 TH RA RB 278 /', 'RA0,RB,[TH]', () => {}),
  hint('dcbtst', 'X: 31 TH RA RB 246 /', 'RA0,RB,[TH]', () => {}),
  hint('dcbf', 'X: 31 / L2 RA RB 86 /', 'RA0,RB,[L2]', () => {}),
  hint('dcbst', 'X: 31 /// RA RB 54 /', 'RA0,RB', () => {}),
  hint('icbi', 'X: 31 /// RA RB 982 /', 'RA0,RB', () => {}),
  hint('icbt', 'X: 31 / CT RA RB 22 /', 'CT,RA0,RB', () => {}),
].flat();
