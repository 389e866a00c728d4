import type { Dispose } from './bus.ts';
import type { Machine } from './machine.ts';

/**
 * Writes everything that happens as JSON Lines.
 *
 * The first line is `{"schema":"checkstop.trace/1","plugins":[{name,version,options}],"agents":[names],"seed"?}`; each further line is one event: `{"seq":n,"event":"step",...payload}`, `seq` counting from 0.
 * Events are those of the bus, in order of dispatch; a `step` line also has `what`, the step in words. Numbers of 64 bits are strings of hexadecimal digits with a leading 0x.
 */
export function traceTo(machine: Machine, write: (line: string) => void, seed?: number): Dispose {
  write(
    toJson({
      schema: 'checkstop.trace/1',
      plugins: machine.plugins,
      agents: machine.agents.map((agent) => agent.name),
      ...(seed !== undefined && { seed }),
    }),
  );
  let seq = 0;
  return machine.bus.before((event, payload) => {
    const fields = payload as { agent: number; action?: string };
    const what = event === 'step' && fields.action === 'step' ? { what: machine.describeAgent(fields.agent) } : {};
    write(toJson({ seq: seq++, event, ...fields, ...what }));
  });
}

function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `0x${part.toString(16)}` : part));
}
