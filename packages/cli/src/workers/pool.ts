import type { Worker } from 'node:worker_threads';
import type { Progress } from '@checkstop/explorer';
import { CheckstopError } from '@checkstop/kernel';
import type { CellSpec } from '../cell.ts';
import { type Config, sourceOf } from '../config.ts';
import type { MutantOptions, MutantVerdict } from '../mutants.ts';
import type { Job, Said, Search, Sent, SentError, Setup } from './job.ts';
import { startWorker } from './start.ts';

/** Told between slices of a job. */
export type OnProgress = (progress: Progress, seconds: number) => void;

/** A job that waits, or is being done. */
interface Task {
  readonly job: Job;
  readonly onProgress: OnProgress;
  readonly resolve: (said: Said) => void;
  readonly reject: (error: unknown) => void;
}

/** Milliseconds between two looks whether the user has asked to stop. */
const LOOK = 50;

/** Threads that search cells and try mutants, in the order in which they are asked. A thread that dies is replaced. */
export class Pool {
  private readonly flag = new SharedArrayBuffer(4);
  private readonly idle: Worker[] = [];
  private readonly waiting: Task[] = [];
  private readonly busy = new Map<Worker, Task>();
  private readonly looking: NodeJS.Timeout;

  constructor(
    private readonly size: number,
    private readonly setup: Omit<Setup, 'stop'>,
    interrupted: () => boolean,
  ) {
    this.looking = setInterval(() => {
      if (interrupted()) Atomics.store(new Int32Array(this.flag), 0, 1);
    }, LOOK);
  }

  /** Searches a cell. @throws CheckstopError as runCell does, CLI_WORKER_DIED */
  async search(spec: CellSpec, search: Search, onProgress: OnProgress): Promise<Sent> {
    const said = await this.run({ spec, search }, onProgress);
    if ('run' in said) return said.run;
    throw new Error('A thread answered what it was not asked.');
  }

  /** Tries a mutant of a cell, as tryNamed does. @throws CheckstopError CLI_WORKER_DIED */
  async tryMutant(spec: CellSpec, mutant: string, onProgress: OnProgress): Promise<MutantVerdict | undefined> {
    const said = await this.run({ spec, mutant }, onProgress);
    if ('verdict' in said) return said.verdict;
    throw new Error('A thread answered what it was not asked.');
  }

  /** Ends all threads, whatever they do. */
  async close(): Promise<void> {
    clearInterval(this.looking);
    const threads = [...this.idle, ...this.busy.keys()];
    this.busy.clear();
    await Promise.all(threads.map((worker) => worker.terminate()));
  }

  private run(job: Job, onProgress: OnProgress): Promise<Said> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, onProgress, resolve, reject });
      this.assign();
    });
  }

  private assign(): void {
    while (this.waiting.length > 0 && (this.idle.length > 0 || this.busy.size < this.size)) {
      const task = this.waiting.shift() as Task;
      const worker = this.idle.pop() ?? this.start();
      this.busy.set(worker, task);
      worker.postMessage(task.job);
    }
  }

  private start(): Worker {
    const worker = startWorker({ ...this.setup, stop: this.flag });
    let cause: unknown;
    worker.on('message', (said: Said) => this.heard(worker, said));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', (code) => {
      const task = this.busy.get(worker);
      this.busy.delete(worker);
      this.idle.splice(0, this.idle.length, ...this.idle.filter((other) => other !== worker));
      task?.reject(died(task.job, code, cause));
      this.assign();
    });
    return worker;
  }

  private heard(worker: Worker, said: Said): void {
    const task = this.busy.get(worker);
    if (!task) return;
    if ('progress' in said) {
      task.onProgress(said.progress, said.seconds);
      return;
    }
    this.busy.delete(worker);
    this.idle.push(worker);
    if ('error' in said) task.reject(errorOf(said.error));
    else task.resolve(said);
    this.assign();
  }
}

/** Threads to search with; undefined if this one does. */
export function poolOf(
  config: Config,
  cwd: string,
  workers: number,
  interrupted: () => boolean = () => false,
): Pool | undefined {
  const source = sourceOf(config);
  const isSendable = source !== undefined || Object.keys(config).length === 0;
  return workers > 1 && isSendable ? new Pool(workers, { cwd, config: source }, interrupted) : undefined;
}

/** Tries mutants of a cell on the threads of a pool. */
export const mutantsElsewhere =
  (
    pool: Pool,
    spec: CellSpec,
    onProgress: NonNullable<MutantOptions['onProgress']>,
  ): NonNullable<MutantOptions['elsewhere']> =>
  (name) =>
    pool.tryMutant(spec, name, (...told) => onProgress(name, ...told));

function errorOf({ code, message, stack }: SentError): Error {
  const error = code === undefined ? new Error(message) : new CheckstopError(code, message);
  return Object.assign(error, stack !== undefined && { stack });
}

function died({ spec }: Job, code: number, cause: unknown): CheckstopError {
  const { message } = cause instanceof Error ? cause : { message: `it was ended with exit code ${code}` };
  return new CheckstopError(
    'CLI_WORKER_DIED',
    `The thread that searched ${spec.strategy.name} x ${spec.guest.name} died: ${message}. If it took too much memory, lower --max-memory or --workers; else look for what ends it in the code that was loaded.`,
    { spec },
    { cause },
  );
}
