import type { AddressRange } from '@checkstop/hypervisor';
import { CheckstopError, PAGE } from '@checkstop/kernel';
import { ERROR_LOG_MAX } from './log/index.ts';
import type { FwnmiOptions } from './options.ts';

/** Bytes of the interrupted r3, before the log. */
export const SAVED_R3 = 8;
const FRAME_ALIGN = 16;
/** Bytes of the area in which one vCPU's system reset leaves r3. */
const RESET_AREA = 16;

/** The bytes of a buffer with the longest log. */
export const BUFFER_BYTES = SAVED_R3 + ERROR_LOG_MAX;

/** What a layout is made of. */
interface Layout {
  readonly base: number;
  readonly size: number;
  readonly vcpus: number;
  /** Offset of the buffer. */
  readonly buffer: number;
  /** Where system resets leave r3: at the very end, or 2048 bytes behind the base, whatever is there (QEMU). */
  readonly layout: FwnmiOptions['layout'];
}

/**
 * How RTAS space is laid out: code, the buffer with room for the longest log, frames of strategies, and the areas of system resets:
 * at its very end, or where QEMU has them, over the end of the longest log.
 */
export class RtasSpace {
  readonly base: number;
  readonly size: number;
  readonly buffer: number;
  /** The areas of system resets, all of them. */
  readonly resetAreas: AddressRange;
  private readonly firstFrame: number;
  /** Where frames must end. */
  private readonly end: number;
  private next: number;

  constructor({ base, size, vcpus, buffer, layout }: Layout) {
    this.base = base;
    this.size = size;
    this.buffer = base + buffer;
    const areas = RESET_AREA * vcpus;
    const start = layout === 'own' ? base + size - areas : base + ERROR_LOG_MAX;
    this.resetAreas = { start, end: start + areas };
    const behindBuffer = align(this.buffer + BUFFER_BYTES);
    this.firstFrame = layout === 'own' ? behindBuffer : Math.max(behindBuffer, this.resetAreas.end);
    this.end = layout === 'own' ? start : base + size;
    this.next = this.firstFrame;
    this.reserve(0);
  }

  /** Where frames begin and end so far. */
  get frames(): AddressRange {
    return { start: this.firstFrame, end: this.next };
  }

  /** The whole pages of the buffer and the frames, up to the first that resets write to: those of whoever holds the interlock. */
  get leased(): AddressRange {
    return {
      start: Math.floor(this.buffer / PAGE) * PAGE,
      end: Math.min(Math.ceil(this.next / PAGE) * PAGE, this.resetAreas.start),
    };
  }

  /** Where a system reset leaves r3 of this vCPU. */
  resetArea(agent: number): number {
    return this.resetAreas.start + RESET_AREA * agent;
  }

  /** @throws CheckstopError RTAS_NO_ROOM */
  reserve(bytes: number): number {
    const address = this.next;
    const left = this.end - address;
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
