import type { AddressRange } from '@checkstop/hypervisor';
import { bool, CheckstopError, type PluginContext, type State } from '@checkstop/kernel';
import { BUFFER_BYTES, type RtasSpace } from './rtas-space.ts';

/** Real page 7, which an OS that registers by ibm,nmi-register-2 gives to reports (LoPAR, FWNMI option). */
const PAGE_7: AddressRange = { start: 0x7000, end: 0x8000 };

/**
 * Where reports are written: in RTAS space, or in page 7 for an OS that registered by ibm,nmi-register-2, if firmware has that call.
 * Page 7 has buffer and frames as RTAS space has them, from its beginning on.
 */
export class ReportPlace {
  private readonly page7: State<{ readonly used: typeof bool }> | undefined;
  /** Whether there can be a registration: strategies ask where the buffer is while they are set up. */
  private ready = false;

  constructor(
    ctx: PluginContext,
    private readonly space: RtasSpace,
    register2: boolean,
  ) {
    this.page7 = register2 ? ctx.state('shared', 'fwnmi.page7', { used: bool }) : undefined;
    if (register2)
      ctx.onReady(() => {
        this.assertRoom();
        this.ready = true;
      });
  }

  /** Whether the OS registered by ibm,nmi-register-2. */
  get inPage7(): boolean {
    return this.ready && this.page7?.at().used === true;
  }

  /** The OS registers, by the one call or the other. */
  set inPage7(used: boolean) {
    if (this.page7) this.page7.at().used = used;
  }

  get buffer(): number {
    return this.inPage7 ? PAGE_7.start : this.space.buffer;
  }

  /** In which a buffer must lie now. */
  get bounds(): AddressRange {
    const { base, size } = this.space;
    return this.inPage7 ? PAGE_7 : { start: base, end: base + size };
  }

  /** Every buffer there is, with its log. */
  get buffers(): AddressRange[] {
    const starts = [this.space.buffer, ...(this.page7 ? [PAGE_7.start] : [])];
    return starts.map((start) => ({ start, end: start + BUFFER_BYTES }));
  }

  /** What is filled with poison now: the buffer, and the frames; not what system resets have saved, and no page 7 that is the OS's. */
  get filled(): AddressRange[] {
    const { buffer, frames, resetAreas } = this.space;
    return this.inPage7 ? [this.mirror] : [{ start: buffer, end: Math.min(frames.start, resetAreas.start) }, frames];
  }

  /** What is the interlock's holder's of every place. */
  get leased(): AddressRange[] {
    return [this.space.leased, ...(this.page7 ? [PAGE_7] : [])];
  }

  /** Page 7, as far as it is used. */
  private get mirror(): AddressRange {
    return { start: PAGE_7.start, end: PAGE_7.start + this.space.frames.end - this.space.buffer };
  }

  private assertRoom(): void {
    const { end } = this.mirror;
    if (end > PAGE_7.end)
      throw new CheckstopError(
        'RTAS_NO_ROOM',
        `Buffer and frames take ${end - PAGE_7.start} bytes, and page 7 has ${PAGE_7.end - PAGE_7.start}; use a strategy with smaller frames, or fwnmi() without register2.`,
        { bytes: end - PAGE_7.start, room: PAGE_7.end - PAGE_7.start },
      );
  }
}
