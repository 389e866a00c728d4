import type { Dispose, Machine } from '@checkstop/kernel';
import { formatValue } from './plugin-spec.ts';

/** Events that say too much to be read by people; `--trace` keeps them all. */
const QUIET = new Set(['step', 'exit', 'fetch', 'load', 'store', 'choice']);

/**
 * Writes what happens in lines for people: in which step, on which vCPU, what. Steps are counted from 0, beginning with the next;
 * a `label` stands in place of their numbers. Returns the disposer.
 */
export function eventLines(machine: Machine, write: (line: string) => void, label?: string): Dispose {
  let step = -1;
  return machine.bus.before((event, payload) => {
    if (event === 'step') step += 1;
    if (QUIET.has(event)) return;
    const { agent, ...facts } = payload as { agent: number } & Record<string, unknown>;
    const name = machine.agents[agent]?.name ?? '';
    const list = Object.entries(facts).map(([key, value]) => `${key} ${formatValue(value)}`);
    write(`${(label ?? String(step)).padStart(7)}  ${name}  ${event}  ${list.join(', ')}`.trimEnd());
  });
}
