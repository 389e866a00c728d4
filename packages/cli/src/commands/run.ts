import { formatToken } from '@checkstop/explorer';
import { CheckstopError, roundRobin, seededRandom, traceTo } from '@checkstop/kernel';
import { counted } from '@checkstop/report';
import { cellSpec, machineArgs, names, partArgs } from '../args.ts';
import { boundsLines, boundsText } from '../bounds.ts';
import { prepareCell } from '../cell.ts';
import { command } from '../command.ts';
import { configInput, loadConfig } from '../config.ts';
import { allowStrikes, directedChecks, parseStrike } from '../directed-checks.ts';
import { eventLines } from '../event-lines.ts';
import { EXIT } from '../exit-code.ts';
import { wholeNumber } from '../numbers.ts';
import { outputFiles } from '../output-files.ts';
import { type RecordedRun, recordRun } from '../record-run.ts';
import { END_UNKNOWN, replayLine } from '../story.ts';

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
      description:
        'Strike there: a step (its number as the lines tell it, counted from 0 at ready), 0xaddress or symbol+offset; give it as often as you like',
    },
    steps: { type: 'string', valueHint: 'n', default: '100000', description: 'Stop after so many steps from ready' },
    trace: { type: 'string', valueHint: 'file', description: 'Write every event as JSON Lines (checkstop.trace/1)' },
  },
  repeatable: ['check'],
  examples: [
    ['checkstop run hcall-busy guest-linux --check 0@work+8', 'strike vCPU 0 at its third instruction of work'],
    ['checkstop run hcall-hold guest-linux --check 0@5 --check 1@5', 'strike both, and see them wait for each other'],
    ['checkstop run direct-exit guest-linux --seed 7 --trace run.jsonl', 'a random run, kept event by event'],
  ],
  async run(args, outer) {
    const { io, write } = outputFiles(outer, { trace: args.trace }, [configInput(outer.cwd, args.config)]);
    const spec = cellSpec(args.strategy, args.guest, args);
    const seed = args.seed === undefined ? undefined : wholeNumber('seed', args.seed, 0, 0xffff_ffff);
    const maxSteps = wholeNumber('steps', args.steps, 1, 1e9);
    const cell = await prepareCell(spec, await loadConfig(io.cwd, args.config), io.cwd);
    const machine = cell.compose();
    const strikes =
      args.check === undefined ? [] : names('check', args.check).map((text) => parseStrike(text, machine));
    allowStrikes(strikes, spec.checks.perVcpu);

    io.out(`${boundsText(boundsLines(cell, machine), io.columns)}\n`);
    io.out(seed === undefined ? 'scheduler  round robin\n\n' : `scheduler  random, seed ${seed}\n\n`);
    const trace: string[] = [];
    const writeLine = (line: string): void => io.out(`${line}\n`);
    const endBoot = eventLines(machine, writeLine, 'boot');
    const taps = [endBoot, ...(args.trace === undefined ? [] : [traceTo(machine, (line) => trace.push(line), seed)])];
    try {
      machine.boot();
      endBoot();
      io.out('         ready\n');
      taps.push(eventLines(machine, writeLine));
      const inner = seed === undefined ? roundRobin() : seededRandom(seed, strikes.length > 0 ? { faultEvery: 0 } : {});
      const scheduler = directedChecks(inner, strikes, machine);
      const ran = await recordRun(machine, scheduler, maxSteps, io.interrupted);
      for (const tap of taps.splice(0)) tap();

      const ends = machine.agents.map(({ name }, agent) => `  ${name}: ${machine.describeAgent(agent)}\n`);
      io.out(`\n${ENDINGS[ran.reason]} after ${counted(ran.steps, 'step')}\n${ends.join('')}`);
      const violated = (property: string, text: string, when: string): void =>
        io.out(io.colors.red(`violated ${property}: ${text} (${when})\n`));
      for (const { property, text, step } of ran.violations)
        violated(property, text, step === 0 ? 'at ready' : `step ${step - 1}`);
      for (const { property, text } of ran.ending) violated(property, text, 'in the end');
      const open = unanswered(ran);
      if (open !== undefined) io.out(`${open}\n`);
      const { schedule, hash } = ran;
      io.out(`\n${replayLine(formatToken(machine, { config: spec, schedule, hash }), cell)}\n`);

      const missed = scheduler.missed().map(([{ text }, why]) => `'--check ${text}': ${why}`);
      if (missed.length > 0)
        throw new CheckstopError('CLI_MISSED_STRIKE', `Not every check struck. ${missed.join('. ')}.`, { missed });
      if (ran.violations.length + ran.ending.length > 0) return EXIT.violated;
      return open === undefined ? EXIT.holds : EXIT.incomplete;
    } finally {
      for (const tap of taps) tap();
      write('trace', `${trace.join('\n')}\n`);
    }
  },
});

const ENDINGS = {
  stopped: 'the machine stopped itself',
  idle: 'nothing can happen any more',
  limit: 'the step limit was met',
  schedule: 'nothing can happen any more but checks',
  until: 'the run was interrupted',
} as const;

/** Why a run that violates nothing says nothing for sure; undefined when it went to its end. */
function unanswered({ reason, ending, endKnown }: RecordedRun): string | undefined {
  if (ending.length > 0) return undefined;
  if (reason === 'limit') return 'The machine could go on: what comes later is not known; --steps goes further.';
  if (reason === 'until') return 'The machine could go on: what comes later is not known.';
  return endKnown ? undefined : END_UNKNOWN;
}
