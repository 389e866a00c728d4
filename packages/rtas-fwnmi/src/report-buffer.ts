import type { PluginContext } from '@checkstop/kernel';
import { FIXED_PART_BYTES, readFixedPart } from './log/fixed-part.ts';
import { ERROR_LOG_MAX } from './log/index.ts';
import { type RtasSpace, SAVED_R3 } from './rtas-space.ts';

/** What RTAS space is filled with when nobody may read it any more: no log starts with this byte. */
const POISON = 0xa5;

/** The buffer in RTAS space: the interrupted r3, big-endian whatever the guest (but in PowerKVM), and the log. */
export class ReportBuffer {
  constructor(
    private readonly ctx: PluginContext,
    private readonly space: RtasSpace,
  ) {}

  write(r3: bigint, log: Uint8Array, endian: 'big' | 'little' = 'big'): void {
    const { ram } = this.ctx;
    ram.writeU64(this.space.buffer, r3, endian);
    ram.writeBytes(this.space.buffer + SAVED_R3, log);
  }

  /** The log that was written last, as guests find it, and what lies behind it. */
  log(): Uint8Array {
    return this.ctx.ram.readBytes(this.space.buffer + SAVED_R3, ERROR_LOG_MAX);
  }

  /** Real address at which the log that was written last ends, by its own length. */
  logEnd(): number {
    const log = this.space.buffer + SAVED_R3;
    const { buffer, byteOffset } = this.ctx.ram.readBytes(log, FIXED_PART_BYTES);
    const { extendedBytes = 0 } = readFixedPart(new DataView(buffer, byteOffset, FIXED_PART_BYTES));
    return log + FIXED_PART_BYTES + extendedBytes;
  }

  /** Overwrites the log, and the strategies' frames; what system resets have saved is not the log's. */
  poison(): void {
    const { buffer, frames, resetAreas } = this.space;
    this.fill(buffer, Math.min(frames.start, resetAreas.start));
    this.fill(frames.start, frames.end);
  }

  private fill(start: number, end: number): void {
    this.ctx.ram.writeBytes(start, new Uint8Array(end - start).fill(POISON));
  }
}
