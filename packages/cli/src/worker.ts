import { Console } from 'node:console';
import { parentPort, workerData } from 'node:worker_threads';
import { prepareCell } from './cell.ts';
import { badInput } from './complaint.ts';
import { loadConfig } from './config.ts';
import { tryNamed } from './mutants.ts';
import { runCell } from './run-cell.ts';
import { type Job, type Said, type SentError, type Setup, sent } from './workers/job.ts';

// A thread of a pool: searches one cell after the other, as it is told to.

const { cwd, config: source, stop } = workerData as Setup;
const flag = new Int32Array(stop);
const interrupted = (): boolean => Atomics.load(flag, 0) !== 0;
const say = (said: Said): void => parentPort?.postMessage(said);

// Standard output is the command's; see runProcess.
Object.assign(console, new Console(process.stderr));

const config = loadConfig(source?.cwd ?? cwd, source?.file);
// Whoever asks first hears of it.
config.catch(() => undefined);

async function answer(job: Job): Promise<Said> {
  const cell = await prepareCell(job.spec, source ? await config : {}, cwd);
  const told = { interrupted, onProgress: (...[progress, seconds]: Told): void => say({ progress, seconds }) };
  if ('mutant' in job)
    return {
      verdict: await tryNamed(cell, job.mutant, { ...told, onProgress: (_, ...rest) => told.onProgress(...rest) }),
    };
  return { run: sent(await runCell(cell, { ...job.search, ...told })) };
}

type Told = [progress: Extract<Said, { progress: unknown }>['progress'], seconds: number];

function sentError(error: unknown): SentError {
  const bad = badInput(error);
  if (bad) return { code: bad.code, message: bad.message, stack: bad.stack };
  return { code: undefined, message: String(error), stack: error instanceof Error ? error.stack : undefined };
}

parentPort?.on('message', (job: Job) => {
  answer(job).then(say, (error) => say({ error: sentError(error) }));
});
