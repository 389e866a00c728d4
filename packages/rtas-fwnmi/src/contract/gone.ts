import type { AddressRange } from '@checkstop/hypervisor';
import { type PluginContext, type State, u64 } from '@checkstop/kernel';
import './events.ts';

/** How many stretches of code of past registrations are remembered; the oldest is forgotten first. */
const REMEMBERED = 4;

/** A stretch is one field, its start above its end, so that a restore brings it back whole; 0 is none. */
const fields = { stretches: u64.array(REMEMBERED) } as const;

/**
 * The code of registrations that are gone, the last few of them: no check may be taken there any more. Whoever ends a
 * registration says so by `registrationGone`; a routine that is registered again is gone no longer. Ghost state.
 */
export class GoneCode {
  /** The record itself, for those who must hear when an undo or a restore changes it. */
  readonly state: State<typeof fields>;

  constructor(ctx: PluginContext) {
    this.state = ctx.state('shared', 'fwnmi.gone', fields, { kind: 'ghost' });
    ctx.bus.on('registrationGone', ({ ranges }) => this.write([...this.ranges(), ...ranges].slice(-REMEMBERED)));
    ctx.bus.on('registered', ({ machineCheck }) => {
      if (this.holds(machineCheck)) this.write(this.ranges().filter((range) => !contains(range, machineCheck)));
    });
  }

  /** The stretches remembered, oldest first. */
  ranges(): AddressRange[] {
    const { stretches } = this.state.at();
    return Array.from({ length: REMEMBERED }, (_, i) => stretches.get(i))
      .filter((stretch) => stretch !== 0n)
      .map((stretch) => ({ start: Number(stretch >> 32n), end: Number(stretch & 0xffff_ffffn) }));
  }

  holds(address: number): boolean {
    return this.ranges().some((range) => contains(range, address));
  }

  private write(ranges: readonly AddressRange[]): void {
    this.state.clear();
    const { stretches } = this.state.at();
    for (const [i, { start, end }] of ranges.entries()) stretches.set(i, (BigInt(start) << 32n) | BigInt(end));
  }
}

const contains = ({ start, end }: AddressRange, address: number): boolean => start <= address && address < end;
