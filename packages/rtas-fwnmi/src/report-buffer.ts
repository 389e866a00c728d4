import type { PluginContext } from '@checkstop/kernel';
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

  /** Overwrites the log, and the strategies' frames. */
  poison(): void {
    const { buffer, frames } = this.space;
    this.ctx.ram.writeBytes(buffer, new Uint8Array(frames.end - buffer).fill(POISON));
  }
}
