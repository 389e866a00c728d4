import { checkToken, parseToken, rerun } from '@checkstop/explorer';
import { CheckstopError } from '@checkstop/kernel';
import { counted } from '@checkstop/report';
import { boundsLines, boundsText } from '../bounds.ts';
import { catalogueOf, parseCellSpec, prepareCell } from '../cell.ts';
import { command } from '../command.ts';
import { loadConfig } from '../config.ts';
import { EXIT } from '../exit-code.ts';
import { loadedParts } from '../origin.ts';
import { confirmHash, replayLoop } from '../replay-loop.ts';
import { END_UNKNOWN, story } from '../story.ts';

/** `checkstop replay`: runs a recorded schedule again, step by step, nothing reduced. */
export const replay = command({
  name: 'replay',
  description: 'Run a counterexample or witness again, instruction by instruction, from its token',
  args: {
    token: { type: 'positional', required: true, description: 'The line that explore, matrix or their JSON gave' },
    config: { type: 'string', valueHint: 'file', description: 'Configuration that the token was made with' },
    trust: { type: 'boolean', description: 'Load and run the code that the token names by path or package' },
  },
  examples: [['checkstop replay cs1.eyJj...', 'prints the run in columns; exit code 1 if it violates a property']],
  async run({ token: text, config: file, trust }, io) {
    const token = parseToken(text);
    const config = await loadConfig(io.cwd, file);
    const spec = parseCellSpec(token.config);
    const loaded = loadedParts(spec, catalogueOf(config));
    // A token may come from anybody: reading one must not run what it names.
    if (loaded.length > 0 && !trust)
      throw new CheckstopError(
        'TOKEN_LOADS_CODE',
        `The token names code that neither comes with the command nor stands in the configuration: ${loaded.join(', ')}. If you trust it, say checkstop replay --trust TOKEN, and it is run.`,
        { loaded },
      );
    const cell = await prepareCell(spec, config, io.cwd);
    const machine = cell.boot();
    checkToken(machine, token);
    io.out(`${boundsText(boundsLines(cell, machine, {}), io.columns)}\n\n`);
    if (token.loop) return replayLoop(machine, { ...token, loop: token.loop }, io);
    io.out(`${story(machine, token.schedule, io)}\n\n`);
    const { hash, steps, violations, ending, endKnown } = rerun(machine, token.schedule);
    confirmHash(hash, token);
    io.out(`${counted(steps, 'step')}, state ${hash} as recorded\n`);
    if (violations.length + ending.length > 0) return EXIT.violated;
    if (!endKnown) io.out(`${END_UNKNOWN}\n`);
    return endKnown ? EXIT.holds : EXIT.incomplete;
  },
});
