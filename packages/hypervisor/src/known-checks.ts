import { agentSet, type PluginContext, type State } from '@checkstop/kernel';
import type { Section } from './sections.ts';

const fields = { struck: agentSet, sampled: agentSet } as const;

/**
 * Which vCPUs' struck checks the host knows of, and of which it has what was sampled as they struck. A record of its own, shared and there only
 * where somebody asked for its sections, so that all can be forgotten in one step without a look at each vCPU.
 */
export class KnownChecks {
  private record: State<typeof fields> | undefined;

  /** Makes what is known forgettable. During set-up. */
  sections(ctx: PluginContext): Section[] {
    const record = ctx.state('shared', 'hypervisor.checks', fields);
    this.record = record;
    return [
      { name: 'checks', inFlight: true, empty: () => record.at().struck === 0, clear: () => record.clear() },
      {
        name: 'samples',
        inFlight: false,
        empty: () => record.at().sampled === 0,
        clear() {
          record.at().sampled = 0;
        },
      },
    ];
  }

  has(agent: number, what: keyof typeof fields): boolean {
    return !this.record || (this.record.at()[what] & (1 << agent)) !== 0;
  }

  /** A check of this vCPU struck. */
  add(agent: number): void {
    const known = this.record?.at();
    if (!known) return;
    known.struck |= 1 << agent;
    known.sampled |= 1 << agent;
  }

  /** It is nobody's concern any more. */
  remove(agent: number): void {
    const known = this.record?.at();
    if (!known) return;
    known.struck &= ~(1 << agent);
    known.sampled &= ~(1 << agent);
  }
}
