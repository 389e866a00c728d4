import { Worker } from 'node:worker_threads';
import type { Setup } from './job.ts';

/** Starts a thread of a pool; its program stands beside this one. */
export const startWorker = (setup: Setup): Worker =>
  new Worker(new URL('./worker.js', import.meta.url), { workerData: setup });
