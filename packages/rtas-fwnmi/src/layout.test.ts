import { describe, expect, it } from 'vitest';
import { readErrorLog, Severity } from './log/index.ts';
import { bench, patient } from './testing.ts';
import { TOKENS } from './tokens.ts';

/** QEMU's RTAS space: the buffer at 0x30, areas of system resets 2048 bytes behind the base. */
const QEMU = { buffer: 0x30, layout: 'qemu' } as const;
const BASE = 0xf000;
const AREA = BASE + 2048;

/** vCPU 0 has the interlock and a log; system resets are what the test makes. */
function reported(options: Parameters<typeof bench>[0], frames: readonly number[] = []) {
  const addresses: number[] = [];
  const made = bench(options, [patient(frames, addresses)]);
  const { machine, call, vcpus } = made;
  const { checks, resets } = machine.use('hypervisor');
  const firmware = machine.use('fwnmi');
  call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
  firmware.interlock.tryTake(0);
  checks.latch(0, { kind: 'unknown', recovered: false, address: 0n });
  firmware.report(0, 1n);
  vcpus[0].setGpr(3, 0x1122334455667788n);
  return { ...made, addresses, firmware, reset: () => resets.latch(0) };
}

describe("QEMU's layout", () => {
  it('has a system reset leave r3 2048 bytes behind the base', () => {
    const { machine, vcpus, reset } = reported(QEMU);
    reset();
    expect([vcpus[0].gpr(3), machine.ram.readU64(AREA, 'big')]).toEqual([BigInt(AREA), 0x1122334455667788n]);
  });

  it('lets that be over the end of the longest log, and of no shorter one', () => {
    const bytes = ({ machine, firmware, reset }: ReturnType<typeof reported>, length: number) => {
      const before = machine.ram.readBytes(firmware.buffer + 8, length);
      reset();
      return Buffer.compare(before, machine.ram.readBytes(firmware.buffer + 8, length));
    };
    expect(bytes(reported({ ...QEMU, log: 'longest' }), 2048)).not.toBe(0);
    expect(bytes(reported({ ...QEMU, log: 'main' }), 136)).toBe(0);
    expect(bytes(reported({ buffer: 0x30, log: 'longest' }), 2048)).toBe(0);
  });

  it('keeps what a system reset has saved when the log is poisoned', () => {
    const { machine, call, vcpus, reset } = reported({ ...QEMU, log: 'longest' });
    reset();
    call(0, TOKENS.NMI_INTERLOCK, [], 1);
    expect(machine.ram.readU64(AREA, 'big')).toBe(0x1122334455667788n);
    expect(machine.ram.readBytes(AREA - 1, 1)[0]).toBe(0xa5);
    expect(vcpus[0].nip).toBe(0x1004);
  });

  it('has frames behind the areas, up to the end of RTAS space', () => {
    const areas = AREA + 16 * 3;
    expect(reported({ ...QEMU, buffer: 0 }, [8]).addresses).toEqual([areas]);
    expect(reported(QEMU, [8]).addresses).toEqual([Math.max(areas, BASE + 0x30 + 2056 + 8)]);
    const room = BASE + 4096 - areas;
    expect(reported({ ...QEMU, buffer: 0 }, [room]).addresses).toEqual([areas]);
    expect(() => reported({ ...QEMU, buffer: 0 }, [room + 1])).toThrow(/does not fit into RTAS space/);
  });
});

describe('a buffer at the end of RTAS space', () => {
  /** The last offset at which the longest log and the areas of three vCPUs still fit. */
  const LAST = 4096 - 16 * 3 - 2056 - 8;

  it('fits as long as the longest log does', () => {
    const { machine, firmware } = reported({ buffer: LAST, log: 'longest' });
    expect(firmware.buffer % 16).toBe(0);
    const log = readErrorLog(machine.ram.readBytes(firmware.buffer + 8, 2048));
    expect(log.extended?.sections.map(({ id }) => id)).toEqual(['PH', 'UH', 'MC', 'other']);
    expect(() => bench({ buffer: LAST + 16 })).toThrow(expect.objectContaining({ code: 'RTAS_NO_ROOM' }));
  });
});

it('a syndrome that firmware does not know is reported as no error, in whatever sections', () => {
  for (const log of ['mc', 'main', 'longest'] as const) {
    const { machine, firmware } = reported({ log });
    expect(readErrorLog(machine.ram.readBytes(firmware.buffer + 8, 2048)).severity).toBe(Severity.NO_ERROR);
  }
});
