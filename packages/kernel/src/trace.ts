import type { Dispose, Events } from './bus.ts';
import type { Machine } from './machine.ts';

/**
 * Writes everything that happens as JSON Lines.
 *
 * The first line says what runs: `{"schema":"checkstop.trace/1","plugins":[{name,version,options}],"agents":[names],"seed"?}`. Each further line is one event of the bus,
 * in order of dispatch: `{"seq":n,"step":n,"event":name,...payload}`. `seq` counts lines and `step` counts steps, from 0; an event that is not a `step` carries the number of the
 * step it happened in (-1 before the first). A line of event `step` also has `what`, the step in words. Numbers of 64 bits are strings of hexadecimal digits with a leading 0x.
 *
 * @returns the disposer, which ends the trace
 */
export function traceTo(machine: Machine, write: (line: string) => void, seed?: number): Dispose {
  const { plugins, agents, bus } = machine;
  write(
    toJson({
      schema: 'checkstop.trace/1',
      plugins,
      agents: agents.map((agent) => agent.name),
      ...(seed !== undefined && { seed }),
    }),
  );
  let seq = 0;
  let step = -1;
  return bus.before((event, payload) => {
    const what = event === 'step' ? { what: describeStep(machine, payload as Events['step']) } : {};
    if (event === 'step') step++;
    write(toJson({ seq: seq++, step, event, ...(payload as object), ...what }));
  });
}

function describeStep(machine: Machine, { agent, action }: Events['step']): string {
  const boundary = machine.describeAgent(agent);
  return action === 'step' ? boundary : `${action} before ${boundary}`;
}

function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `0x${part.toString(16)}` : part));
}
