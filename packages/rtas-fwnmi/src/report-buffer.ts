import { type PluginContext, u32 } from '@checkstop/kernel';
import { type RtasSpace, SAVED_R3 } from './rtas-space.ts';

/** What RTAS space is filled with when nobody may read it any more: no log starts with this byte. */
const POISON = 0xa5;

/** The buffer in RTAS space: the interrupted r3, big-endian whatever the guest, and the log. */
export class ReportBuffer {
  private readonly state;

  constructor(
    private readonly ctx: PluginContext,
    private readonly space: RtasSpace,
  ) {
    this.state = ctx.state('shared', 'fwnmi.buffer', { bytes: u32 });
  }

  write(r3: bigint, log: Uint8Array): void {
    const { ram } = this.ctx;
    ram.writeU64(this.space.buffer, r3, 'big');
    ram.writeBytes(this.space.buffer + SAVED_R3, log);
    this.state.at().bytes = SAVED_R3 + log.length;
  }

  /** The log that was written last, as guests find it. */
  log(): Uint8Array {
    const { bytes } = this.state.at();
    return this.ctx.ram.readBytes(this.space.buffer + SAVED_R3, Math.max(bytes - SAVED_R3, 0));
  }

  /** Overwrites what was written, and the strategies' frames. */
  poison(): void {
    const { start, end } = this.space.frames;
    this.ctx.ram.writeBytes(this.space.buffer, new Uint8Array(this.state.at().bytes).fill(POISON));
    this.ctx.ram.writeBytes(start, new Uint8Array(end - start).fill(POISON));
  }
}
