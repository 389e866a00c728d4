import { GRANULE } from './descriptor.ts';
import type { Layout } from './layout.ts';
import type { Snapshot } from './snapshot.ts';

/** One difference: `name` is a field (`cpu[1].srr0`) or a range of RAM (`ram[0x1000..0x1010)`), values are hexadecimal. */
export interface Difference {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What differs between two snapshots of one machine, in the names of the fields; ranges of RAM are given as bytes. */
export function diffSnapshots(layout: Layout, before: Snapshot, after: Snapshot): Difference[] {
  const result: Difference[] = [];
  // Most often nothing differs, and that is quickly seen.
  if (isSame(before.state, after.state) && isSame(before.ram, after.ram)) return result;
  const a = new DataView(before.state.buffer, before.state.byteOffset, before.state.length);
  const b = new DataView(after.state.buffer, after.state.byteOffset, after.state.length);
  for (const record of layout.records)
    for (let agent = 0; agent < (record.owner === 'shared' ? 1 : layout.agents); agent++) {
      const base =
        record.owner === 'shared' ? 0 : layout.agentBlocks - layout.sharedBlock + agent * layout.agentBlockSize;
      for (const [field, type] of Object.entries(record.fields))
        for (let i = 0; i < (type.length ?? 1); i++) {
          const at = base + record.blockOffset + (record.offsets.get(field) ?? 0) + i * GRANULE;
          const x = a.getBigUint64(at, true);
          const y = b.getBigUint64(at, true);
          if (x === y) continue;
          const owner = record.owner === 'shared' ? record.name : `${record.name}[${agent}]`;
          result.push({
            name: `${owner}.${field}${type.length === undefined ? '' : `[${i}]`}`,
            before: `0x${x.toString(16)}`,
            after: `0x${y.toString(16)}`,
          });
        }
    }
  for (let at = 0; at < layout.ramSize; at++) {
    if (before.ram[at] === after.ram[at]) continue;
    let end = at + 1;
    while (end < layout.ramSize && before.ram[end] !== after.ram[end]) end++;
    const bytes = (ram: Uint8Array): string =>
      Array.from(ram.subarray(at, end), (byte) => byte.toString(16).padStart(2, '0')).join('');
    result.push({
      name: `ram[0x${at.toString(16)}..0x${end.toString(16)})`,
      before: bytes(before.ram),
      after: bytes(after.ram),
    });
    at = end;
  }
  return result;
}

/** Compares word by word; both lengths are whole numbers of granules. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  const x = new Int32Array(a.buffer, a.byteOffset, a.length >>> 2);
  const y = new Int32Array(b.buffer, b.byteOffset, b.length >>> 2);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return x.length === y.length;
}
