import type { AddressRange } from '@checkstop/hypervisor';
import { type PluginContext, type State, u32 } from '@checkstop/kernel';
import './events.ts';

/** How many stretches of code of past registrations are remembered; the oldest is forgotten first. */
const REMEMBERED = 4;

const fields = { start: u32.array(REMEMBERED), end: u32.array(REMEMBERED) } as const;

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

  /** The stretches remembered, oldest first. Empty ones are none: so is what a restore has brought back only in part. */
  ranges(): AddressRange[] {
    const { start, end } = this.state.at();
    const all = Array.from({ length: REMEMBERED }, (_, i) => ({ start: start.get(i), end: end.get(i) }));
    return all.filter((range) => range.start < range.end);
  }

  holds(address: number): boolean {
    return this.ranges().some((range) => contains(range, address));
  }

  private write(ranges: readonly AddressRange[]): void {
    this.state.clear();
    const record = this.state.at();
    for (const [i, { start, end }] of ranges.entries()) {
      record.start.set(i, start);
      record.end.set(i, end);
    }
  }
}

const contains = ({ start, end }: AddressRange, address: number): boolean => start <= address && address < end;
