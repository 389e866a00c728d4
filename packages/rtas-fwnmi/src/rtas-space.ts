import { CheckstopError, PAGE } from '@checkstop/kernel';
import { ERROR_LOG_MAX } from './log/index.ts';

/** Bytes of the interrupted r3, before the log. */
export const SAVED_R3 = 8;
const FRAME_ALIGN = 16;
/** Bytes of the area in which one vCPU's system reset leaves r3. */
const RESET_AREA = 16;

/** The bytes of a buffer with the longest log. */
export const BUFFER_BYTES = SAVED_R3 + ERROR_LOG_MAX;

/**
 * How RTAS space is laid out: code, the buffer with room for the longest log, frames of strategies, and at its very end the
 * areas of system resets. QEMU has those 2048 bytes behind the base, where the longest log would run into the first.
 */
export class RtasSpace {
  readonly buffer: number;
  private next: number;

  constructor(
    readonly base: number,
    readonly size: number,
    private readonly vcpus: number,
    offset: number,
  ) {
    this.buffer = base + offset;
    this.next = align(this.buffer + BUFFER_BYTES);
    this.reserve(0);
  }

  /** Where frames begin and end so far. */
  get frames(): { readonly start: number; readonly end: number } {
    return { start: align(this.buffer + BUFFER_BYTES), end: this.next };
  }

  /** The whole pages of the buffer and the frames: those of whoever holds the interlock. */
  get leased(): { readonly start: number; readonly end: number } {
    return {
      start: Math.floor(this.buffer / PAGE) * PAGE,
      end: Math.min(Math.ceil(this.next / PAGE) * PAGE, this.resetArea(0)),
    };
  }

  /** Where a system reset leaves r3 of this vCPU. */
  resetArea(agent: number): number {
    return this.base + this.size - RESET_AREA * (this.vcpus - agent);
  }

  /** @throws CheckstopError RTAS_NO_ROOM */
  reserve(bytes: number): number {
    const address = this.next;
    const left = this.resetArea(0) - address;
    if (bytes > left)
      throw new CheckstopError(
        'RTAS_NO_ROOM',
        `${left < 0 ? 'The buffer' : `A frame of ${bytes} bytes`} does not fit into RTAS space, which has ${left} bytes left; give fwnmi() a larger size.`,
        { bytes, left },
      );
    this.next = align(address + bytes);
    return address;
  }
}

const align = (address: number) => Math.ceil(address / FRAME_ALIGN) * FRAME_ALIGN;
