import { CONTROL, LOG_ENTRY } from '@checkstop/kernel';
import { expect, it } from 'vitest';
import { bench } from '../testing.ts';
import type { Vcpu } from '../vcpu.ts';
import { logReserve } from './granule.ts';

it.each(['stmw 0,2(20)', 'stswx 0,0,21'])('keeps room in the log for %s on the largest machine', (source) => {
  const vcpus = 30;
  const { machine, processor, vcpu } = bench(`${source}\nlwarx 3,0,4`, { vcpus });
  for (let n = 0; n < 32; n++) vcpu.setGpr(n, -1n - BigInt(n));
  vcpu.setGpr(20, 0x2004n);
  vcpu.setGpr(21, 0x2006n);
  vcpu.setReg('xer', 127n);
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
