import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { loaderOf } from '../spawned.fixture.ts';
import { checkstop, temporaryFolder } from '../testing.fixture.ts';
import type { Setup } from './job.ts';

vi.mock('./start.ts', () => ({
  startWorker: (setup: Setup) =>
    new Worker(new URL(`data:text/javascript,${encodeURIComponent(loaderOf('./worker.ts'))}`), {
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: 400 },
    }),
}));

const timeless = (text: string): string => text.replace(/[\d.]+ s$/gm, '').replace(/"seconds": .*/g, '');

/** What the command says, and writes as JSON, with so many workers. */
async function told(workers: number, cwd: string, ...argv: string[]) {
  const file = `${workers}.json`;
  const said = await checkstop(['matrix', ...argv, '--workers', `${workers}`, '--json', file], { cwd });
  return { ...said, out: timeless(said.out), json: timeless(readFileSync(join(cwd, file), 'utf8')) };
}

/** A folder with a configuration in which `mine` is a strategy that has this done by its factory. */
function folderWith(done: string): string {
  const cwd = temporaryFolder();
  const strategies = new URL('../../../strategies/src/index.ts', import.meta.url).pathname;
  writeFileSync(
    join(cwd, 'checkstop.config.ts'),
    `import { isMainThread } from 'node:worker_threads';
    import { directExit } from '${strategies}';
    const mine = (options) => { ${done}; return directExit(options); };
    mine.made = 0;
    export default { strategies: { mine } };`,
  );
  return cwd;
}

const LINUX = ['--guests', 'guest-linux'];

describe('the number of workers', { timeout: 120_000 }, () => {
  it('makes no difference to what is told, mistakes included', async () => {
    const cwd = folderWith('console.log("not to standard output")');
    const argv = ['--strategies', 'hcall-hold mine', ...LINUX, '--vcpus', '1', '--mutants'];
    const one = await told(1, cwd, ...argv);
    expect(one.json).toContain('"outcome": "killed"');
    expect(await told(2, cwd, ...argv)).toMatchObject({ out: one.out, json: one.json, code: one.code });
  });

  it('makes no difference where a worker alone may not take enough memory', async () => {
    const argv = ['--strategies', 'direct-exit hcall-wait', ...LINUX, '--max-memory', '3'];
    const cwd = temporaryFolder();
    const one = await told(1, cwd, ...argv);
    expect(one.out).toContain('holds');
    // A third of that is not enough.
    expect((await told(1, cwd, ...argv.slice(0, -1), '1')).out).not.toContain('holds');
    expect((await told(3, cwd, ...argv)).json).toBe(one.json);
  });

  it('makes no difference where a cell cannot be searched: the others are told all the same', async () => {
    // What is found before the first search begins concerns all.
    const folder = (): string => folderWith('if (mine.made++) throw new Error("no")');
    const argv = ['--strategies', 'mine direct-exit', ...LINUX, '--fairness', 'weak'];
    const one = await told(1, folder(), ...argv);
    const two = await told(2, folder(), ...argv);
    expect(one).toMatchObject({ code: 3, err: expect.stringMatching(/CLI_PLUGIN_THREW: .*Error: no/) });
    expect(one.out).toContain('direct-exit x guest-linux');
    expect(one.json).toContain('fifoLocks');
    expect(two).toMatchObject({ code: 3, out: one.out, json: one.json });
  });

  it.each([
    ['ends the process', 'if (!isMainThread) process.exit(7)', 'exit code 7'],
    ['takes all memory', 'for (const all = []; !isMainThread; ) all.push(new Array(1e6).fill({}))', 'memory'],
    ['throws later', 'if (!isMainThread) { setImmediate(() => { throw new Error("late"); }); }', 'late'],
  ])('leaves the others alone when code that was loaded %s', async (_what, done, why) => {
    const { code, out, err } = await told(2, folderWith(done), '--strategies', 'mine direct-exit', ...LINUX);
    expect(err).toMatch(new RegExp(`CLI_WORKER_DIED: The thread that searched mine x guest-linux died: .*${why}`));
    expect(code).toBe(3);
    expect(out).toContain('direct-exit x guest-linux                holds');
  });

  it('makes no difference to Ctrl-C', async () => {
    const argv = ['--strategies', 'direct-exit hcall-wait', ...LINUX, '--vcpus', '6', '--workers', '2', '--progress'];
    let started = false;
    const { code, out } = await checkstop(['matrix', ...argv], {
      err: () => {
        started = true;
      },
      interrupted: () => started,
    });
    expect(code).toBe(2);
    expect(out.match(/incomplete \(interrupted\)/g)?.length).toBeGreaterThanOrEqual(2);
  });
});
