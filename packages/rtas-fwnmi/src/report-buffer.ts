import type { AddressRange } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { FIXED_PART_BYTES, readFixedPart } from './log/fixed-part.ts';
import { ERROR_LOG_MAX } from './log/index.ts';
import type { ReportPlace } from './report-place.ts';
import { SAVED_R3 } from './rtas-space.ts';

/** What RTAS space is filled with when nobody may read it any more: no log starts with this byte. */
const POISON = 0xa5;

/** The buffer: the interrupted r3, big-endian whatever the guest (but in PowerKVM), and the log. */
export class ReportBuffer {
  constructor(
    private readonly ctx: PluginContext,
    private readonly place: ReportPlace,
  ) {}

  write(r3: bigint, log: Uint8Array, endian: 'big' | 'little' = 'big'): void {
    const { ram } = this.ctx;
    ram.writeU64(this.place.buffer, r3, endian);
    ram.writeBytes(this.place.buffer + SAVED_R3, log);
  }

  /** The log that was written last, as guests find it, and what lies behind it. */
  log(): Uint8Array {
    return this.ctx.ram.readBytes(this.place.buffer + SAVED_R3, ERROR_LOG_MAX);
  }

  /** Where the log is that was written last, by its own length. */
  extent(): AddressRange {
    const log = this.place.buffer + SAVED_R3;
    const { buffer, byteOffset } = this.ctx.ram.readBytes(log, FIXED_PART_BYTES);
    const { extendedBytes = 0 } = readFixedPart(new DataView(buffer, byteOffset, FIXED_PART_BYTES));
    return { start: log, end: log + FIXED_PART_BYTES + extendedBytes };
  }

  /** Overwrites the log, and the strategies' frames. */
  poison(): void {
    for (const { start, end } of this.place.filled)
      this.ctx.ram.writeBytes(start, new Uint8Array(end - start).fill(POISON));
  }
}
