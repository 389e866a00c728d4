import { appendMove, type Machine, type Move, type RunResult, type Schedule, type Scheduler } from '@checkstop/kernel';

/** Runs a machine under a scheduler that takes single steps, and keeps the schedule, so that the run can be replayed. */
export function recordRun(
  machine: Machine,
  scheduler: Scheduler,
  maxSteps: number,
): RunResult & { readonly schedule: Schedule } {
  const schedule: Move[] = [];
  let open: { agent: number; action: string; answers: number[] } | undefined;
  const close = (): void => {
    if (open) appendMove(schedule, open.agent, open.action, open.answers);
  };
  const forget = [
    machine.bus.on('step', ({ agent, action }) => {
      close();
      open = { agent, action, answers: [] };
    }),
    machine.bus.on('choice', ({ answer }) => void open?.answers.push(answer)),
  ];
  try {
    const result = machine.run(scheduler, { maxSteps });
    close();
    return { ...result, schedule };
  } finally {
    for (const dispose of forget) dispose();
  }
}
