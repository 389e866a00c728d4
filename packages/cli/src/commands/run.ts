import { formatToken, rerun } from '@checkstop/explorer';
import { roundRobin, seededRandom, traceTo } from '@checkstop/kernel';
import { cellSpec, machineArgs, names, partArgs } from '../args.ts';
import { boundsLines } from '../bounds.ts';
import { prepareCell } from '../cell.ts';
import { command } from '../command.ts';
import { loadConfig } from '../config.ts';
import { directedChecks, parseStrike } from '../directed-checks.ts';
import { eventLines } from '../event-lines.ts';
import { EXIT } from '../exit-code.ts';
import { writeOutput } from '../io.ts';
import { wholeNumber } from '../numbers.ts';
import { recordRun } from '../record-run.ts';

/** `checkstop run`: one run, round robin or random. */
export const run = command({
  name: 'run',
  description: 'Run one machine once, with checks where you say, and tell what happens',
  args: {
    ...partArgs,
    ...machineArgs,
    seed: {
      type: 'string',
      valueHint: 'n',
      description: 'Random schedule, with checks at random unless --check says where; else round robin',
    },
    check: {
      type: 'string',
      valueHint: 'vcpu@where',
      description: 'Strike there (a step, 0xaddress or symbol+offset); several separated by blanks',
    },
    steps: { type: 'string', valueHint: 'n', default: '100000', description: 'Stop after so many steps from ready' },
    trace: { type: 'string', valueHint: 'file', description: 'Write every event as JSON Lines (checkstop.trace/1)' },
  },
  examples: [
    ['checkstop run hcall-busy guest-linux --check 0@work+8', 'strike vCPU 0 at its third instruction of work'],
    ['checkstop run direct-exit guest-linux --seed 7 --trace run.jsonl', 'a random run, kept event by event'],
  ],
  async run(args, io) {
    const spec = cellSpec(args.strategy, args.guest, args);
    const seed = args.seed === undefined ? undefined : wholeNumber('seed', args.seed, 0, 0xffff_ffff);
    const maxSteps = wholeNumber('steps', args.steps, 1, 1e9);
    const cell = await prepareCell(spec, await loadConfig(io.cwd, args.config), io.cwd);
    const machine = cell.compose();
    const strikes =
      args.check === undefined ? [] : names('check', args.check).map((text) => parseStrike(text, machine));

    io.out(`${boundsLines(cell, machine, {}).join('\n')}\n`);
    io.out(seed === undefined ? 'scheduler  round robin\n\n' : `scheduler  random, seed ${seed}\n\n`);
    const trace: string[] = [];
    const taps = [
      eventLines(machine, (line) => io.out(`${line}\n`)),
      ...(args.trace === undefined ? [] : [traceTo(machine, (line) => trace.push(line), seed)]),
    ];
    try {
      machine.boot();
      io.out('         ready\n');
      const start = machine.arena.snapshot();
      const inner = seed === undefined ? roundRobin() : seededRandom(seed, strikes.length > 0 ? { faultEvery: 0 } : {});
      const { schedule, reason, steps } = recordRun(machine, directedChecks(inner, strikes, machine), maxSteps);
      for (const tap of taps.splice(0)) tap();

      const ends = machine.agents.map(({ name }, agent) => `  ${name}: ${machine.describeAgent(agent)}\n`);
      io.out(`\n${ENDINGS[reason]} after ${steps} steps\n${ends.join('')}`);
      machine.arena.restore(start);
      const { violations, ending, hash } = rerun(machine, schedule);
      const settled = reason === 'idle' || reason === 'schedule';
      const found = settled ? [...violations, ...ending] : violations;
      for (const { property, text } of found) io.out(io.colors.red(`violated ${property}: ${text}\n`));
      io.out(`\ncheckstop replay ${formatToken(machine, { config: spec, schedule, hash })}\n`);
      return found.length > 0 ? EXIT.violated : EXIT.holds;
    } finally {
      for (const tap of taps) tap();
      if (args.trace !== undefined) writeOutput(io, args.trace, `${trace.join('\n')}\n`);
    }
  },
});

const ENDINGS = {
  stopped: 'the machine stopped itself',
  idle: 'nothing can happen any more',
  limit: 'the step limit was met',
  schedule: 'nothing can happen any more but checks',
  until: 'the run was ended',
} as const;
