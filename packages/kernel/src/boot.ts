import { CheckstopError } from './error.ts';
import type { Machine } from './machine.ts';

/** See {@link Machine.boot}. */
export function boot(machine: Machine, maxSteps: number): number {
  const capability = machine.use('boot');
  const booted = (agent: number): boolean => capability.booted(agent);
  let waiting = [...machine.agents.keys()].filter((agent) => !booted(agent));
  let steps = 0;
  while (waiting.length > 0) {
    const before = steps;
    for (const agent of waiting) {
      if (booted(agent) || !machine.available(agent, 0)) continue;
      if (steps >= maxSteps) throw neverReady(machine, waiting, steps);
      machine.step(agent);
      steps++;
    }
    waiting = waiting.filter((agent) => !booted(agent));
    if (steps === before && waiting.length > 0) throw neverReady(machine, waiting, steps);
  }
  return steps;
}

function neverReady(machine: Machine, agents: readonly number[], steps: number): CheckstopError {
  const { stopped } = machine;
  const where = agents.map((agent) => `${machine.agents[agent].name} at ${machine.describeAgent(agent)}`).join(', ');
  const end = stopped ? `; the machine stopped (${stopped.reason} by ${machine.agents[stopped.agent]?.name})` : '';
  return new CheckstopError(
    'BOOT_NEVER_READY',
    `After ${steps} steps these are not ready: ${where}${end}. Trace the boot to see where it hangs, or give it more steps.`,
    { agents, steps, stopped },
  );
}
