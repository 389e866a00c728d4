import type { Builder } from '../../ir/builder.ts';
import { and, bit, type I32, type I64, i32, or, shl, wrap } from '../../ir/expr.ts';
import type { AccessSize, Size } from '../../ir/statement.ts';
import { XER } from '../../state.ts';
import { rowMaker } from '../row.ts';
import { pair, setPair } from './quadword.ts';

const row = rowMaker({ footprint: 'registers' });
const reserve = rowMaker({ footprint: 'reserve' });

/** Power ISA 3.0B, Book II, 4.6 "Synchronization Instructions". Memory is sequentially consistent here. */
export const synchronization = [
  row('isync', 'XL: 19 /// 150 /', '', () => {}),
  row('sync', 'X: 31 / L2 /// 598 /', '[L2]', () => {}), // 1: lwsync, 2: ptesync
  row('eieio', 'X: 31 /// 854 /', '', () => {}),

  reserve('lbarx', 'X: 31 RT RA RB 52 EH', 'RT,RA0,RB,[EH]', (b) => loadReserve(b, 1)),
  reserve('lharx', 'X: 31 RT RA RB 116 EH', 'RT,RA0,RB,[EH]', (b) => loadReserve(b, 2)),
  reserve('lwarx', 'X: 31 RT RA RB 20 EH', 'RT,RA0,RB,[EH]', (b) => loadReserve(b, 4)),
  reserve('ldarx', 'X: 31 RT RA RB 84 EH', 'RT,RA0,RB,[EH]', (b) => loadReserve(b, 8)),
  reserve('lqarx', 'X: 31 RT RA RB 276 EH', 'RT,RA0,RB,[EH]', (b) =>
    setPair(b, 'RT', b.loadQuadword(aligned(b, 16), 'loadReserve')),
  ),
  reserve('stbcx.', 'X: 31 RS RA RB 694 1:1', 'RS,RA0,RB', (b) => storeConditional(b, 1)),
  reserve('sthcx.', 'X: 31 RS RA RB 726 1:1', 'RS,RA0,RB', (b) => storeConditional(b, 2)),
  reserve('stwcx.', 'X: 31 RS RA RB 150 1:1', 'RS,RA0,RB', (b) => storeConditional(b, 4)),
  reserve('stdcx.', 'X: 31 RS RA RB 214 1:1', 'RS,RA0,RB', (b) => storeConditional(b, 8)),
  reserve('stqcx.', 'X: 31 RS RA RB 182 1:1', 'RS,RA0,RB', (b) =>
    recordStored(b, b.storeQuadwordConditional(aligned(b, 16), ...pair(b, 'RS'))),
  ),
].flat();

function loadReserve(b: Builder, size: Size): void {
  b.setGpr('RT', b.loadReserve(size, aligned(b, size)));
}

function storeConditional(b: Builder, size: Size): void {
  recordStored(b, b.storeConditional(size, aligned(b, size), b.gpr('RS')));
}

/** CR0 = 0, 0, whether it stored, SO. */
function recordStored(b: Builder, stored: I32): void {
  b.setCrField(i32(0), or(shl(stored, 1), bit(b.reg('xer'), XER.SO)));
}

function aligned(b: Builder, size: AccessSize): I64 {
  const ea = b.indexed();
  b.if(wrap(and(ea, size - 1)), () => b.alignmentInterrupt(ea));
  return ea;
}
