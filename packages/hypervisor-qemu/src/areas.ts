import { type Fields, type PluginContext, type State, u32 } from '@checkstop/kernel';

/** Offset of the size in each kind of area: 16 bits of a Virtual Processor Area, 32 of the others. */
export const SIZE = 4;
/** Bytes of an entry of the dispatch trace log. */
export const DTL_ENTRY = 48;

/** What an operating system has registered for one vCPU: real addresses, 0 while there is none, which QEMU takes none at. */
const fields = {
  vpa: u32,
  slbShadow: u32,
  dtl: u32,
  /** Bytes of the dispatch trace log. */
  dtlBytes: u32,
  /** Dispatches traced since it was registered, as far as the index counts. */
  dtlIndex: u32,
} as const satisfies Fields;

/** Which kernel registered an area: how many others it has replaced. */
const registrants = { vpa: u32, dtl: u32 } as const satisfies Fields;

/** An area that the hypervisor writes to. The SLB shadow is none: it is read only, to refill an SLB. */
export type Area = 'vpa' | 'dtl';

const NAMES = { vpa: 'VPA', dtl: 'dispatch trace log' } as const;

/**
 * The areas that operating systems have given to the hypervisor, one set for each vCPU (LoPAR, H_REGISTER_VPA), and the way to
 * write to them, which tells of every write. A kexec that leaves them registered leaves them to a kernel that knows
 * nothing of it: which ones, a ghost remembers.
 */
export class Areas {
  readonly of: State<typeof fields>['at'];
  private readonly registrant: State<typeof registrants>;
  private readonly kernels: State<{ readonly replaced: typeof u32 }>;

  constructor(private readonly ctx: PluginContext) {
    const state = ctx.state('perAgent', 'qemu.areas', fields);
    this.of = (agent) => state.at(agent);
    this.registrant = ctx.state('perAgent', 'qemu.areas.registrant', registrants, { kind: 'ghost' });
    this.kernels = ctx.state('shared', 'qemu.kernels', { replaced: u32 }, { kind: 'ghost' });
    ctx.bus.on('kernelReplaced', () => {
      this.kernels.at().replaced += 1;
    });
  }

  /** The running kernel registers or gives up an area: what is there is its own doing. */
  set(agent: number, area: Area, address: number): void {
    this.of(agent)[area] = address;
    this.registrant.at(agent)[area] = address === 0 ? 0 : this.kernels.at().replaced;
  }

  /** Writes to a registered area. */
  write(agent: number, area: Area, address: number, bytes: Uint8Array): void {
    this.ctx.ram.writeBytes(address, bytes);
    const registered = this.registrant.at(agent)[area] === this.kernels.at().replaced;
    this.ctx.bus.emit('hypervisorWrite', { agent, what: NAMES[area], address, size: bytes.length, registered });
  }
}
