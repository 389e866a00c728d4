import { CONTROL, LOG_ENTRY } from '@checkstop/kernel';
import { expect, it } from 'vitest';
import { bench } from '../testing.ts';
import type { Vcpu } from '../vcpu.ts';
import { logReserve } from './granule.ts';

it('keeps room in the log for the longest instruction on the largest machine', () => {
  const vcpus = 31;
  const { machine, processor, vcpu } = bench('stmw 0,2(20)\nlwarx 3,0,4', { vcpus });
  for (let n = 0; n < 32; n++) vcpu.setGpr(n, n === 20 ? 0x2004n : -1n - BigInt(n));
  for (const other of processor.vcpus.slice(1) as Vcpu[]) {
    other.nip = 0x1004;
    other.setGpr(4, 0x2000n);
    other.run(1);
  }
  const { u32 } = machine.arena;
  machine.arena.forgetMarks();
  const before = u32[CONTROL.LOG_TOP / 4];
  vcpu.run(1);
  expect(machine.ram.readU32(0x2006, 'big')).toBe(0xffff_ffff);
  const used = u32[CONTROL.LOG_TOP / 4] - before;
  expect(used).toBeGreaterThan(70 * LOG_ENTRY);
  expect(used).toBeLessThanOrEqual(logReserve(vcpus));
});
