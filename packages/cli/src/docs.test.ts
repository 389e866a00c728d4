import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { checkstop, temporaryFolder } from './testing.fixture.ts';

const top = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, top), 'utf8');

/** What stands below a sentence, fenced. CHECKSTOP_DOCS=write puts there what was printed. */
const shown = (path: string, sentence: string, printed: string): string => {
  const text = read(path);
  const fence = '\n\n```\n';
  const start = text.indexOf(fence, text.indexOf(sentence)) + fence.length;
  const end = text.indexOf('```\n', start);
  if (process.env.CHECKSTOP_DOCS !== 'write') return text.slice(start, end);
  writeFileSync(new URL(path, top), text.slice(0, start) + printed + text.slice(end));
  return printed;
};

/** The table at the end of what `matrix` prints. */
const tableOf = (out: string): string => out.slice(out.lastIndexOf('\n\n') + 2);

/** A file that a guide gives in full, under the name in its first line. */
const given = (path: string, name: string): string => {
  const start = read(path).indexOf(`// ${name}\n`);
  expect(start, `${path}: ${name}`).toBeGreaterThan(0);
  return read(path).slice(start, read(path).indexOf('```', start));
};

/** The arguments of the `checkstop` commands that a guide prints in its shell blocks. */
const commandsIn = (path: string): string[] =>
  [...read(path).matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) =>
    [...block.matchAll(/^npx checkstop (.*?)(?: +#.*)?$/gm)].map(([, command = '']) => command),
  );

/** A command's words, as a shell has them. */
const words = (command: string): string[] => [...command.matchAll(/'(.*?)'|(\S+)/g)].map(([, q, w]) => q ?? w ?? '');

const GUIDES = [
  'README.md',
  'docs/getting-started.md',
  'docs/liveness.md',
  'docs/sampling.md',
  'docs/writing-a-strategy.md',
];

/** An error log as QEMU writes it, in words. */
const LOG =
  '06741000 00000038 86008e00 00000000 00000000 49424d00 4d430028 01000000 ' +
  '00000000 00000000 01810000 00000000 00000000 deadbeef 00000000 00000000';

const ASK = "matrix --strategies './ask.ts ./ask.ts:busy=spin ./ask.ts:scratch=sprg1'";

const MUTANTS = 'explore ./mine.ts guest-linux --mutants';

const LIVE = 'matrix --liveness --guests guest-linux';
const FOR_EVER = `${LIVE} --checks unbounded --profile handOff=fifo`;

/** What each command that the guides print says, and how it ends if not with 0. */
const COMMANDS: Record<string, { code?: number; says: string }> = {
  '--help': { says: 'USAGE' },
  matrix: { code: 1, says: 'direct-exit          holds ' },
  'explore hcall-hold guest-linux': { code: 1, says: '!! noDeadlock' },
  'explore hcall-busy guest-other-os --profile sprg2=shared': { code: 1, says: '!! justifiedStop' },
  'explore hcall-busy guest-linux:testRi=false': { code: 1, says: '!! noFalseResume' },
  'explore hcall-busy guest-linux --liveness': { says: 'holds; progress: none violated, weak violated, strong holds' },
  'explore hcall-busy guest-linux --fairness weak': { code: 1, says: 'progress under weak fairness' },
  [LIVE]: { code: 1, says: 'illegal-instruction  holds; progress: none violated, weak violated' },
  [FOR_EVER]: { code: 1, says: 'direct-exit          holds; progress: none violated, weak violated, strong holds' },
  'explain hcall-hold guest-linux --vary strategy': { code: 1, says: 'hcall-wait  (instead of hcall-hold)' },
  'sample hcall-hold guest-linux --vcpus 8 --full': { code: 1, says: '!! noDeadlock' },
  'sample direct-exit guest-linux --vcpus 8 --full --runs 100': { code: 2, says: 'That is no proof' },
  'sample hcall-busy guest-linux:testRi=false --runs 200 --all': { code: 1, says: '!! noFalseResume' },
  'sample hcall-hold guest-linux --scheduler pct --depth 2 --seed 7': { code: 1, says: 'shorter ones may exist' },
  'run hcall-busy guest-linux --check 0@work+8': { says: 'resumed' },
  'replay cs1.…': { code: 1, says: '!! noDeadlock' },
  'asm docs/examples/vector.s --origin 0x200': { says: '00000210:  4bfffff4  b 0x204' },
  'disasm 7c7243a6 38600000 44000022': { says: 'mtsprg 2,r3' },
  [`log ${LOG}`]: { says: 'SLB multihit, effective address 0xdeadbeef' },
  'matrix --strategies direct-exit --html matrix.html': { says: 'holds' },
  'explore ./mine.ts guest-linux': { says: 'holds' },
  "matrix --strategies 'direct-exit ./mine.ts'": { says: './mine.ts    holds (safety)  holds (safety)' },
  [ASK]: { code: 1, says: 'violated noDeadlock' },
  [MUTANTS]: { says: 'killed 12 of 12 mutants' },
  'matrix --strategies ./ask.ts --guests guest-linux --require-mutants': {
    says: 'made no difference here: lost-wakeup',
  },
  'explore ./mine.ts guest-linux --mutant interlock-kept': { code: 1, says: '!! noDeadlock' },
  'explore ./ask.ts:busy=wait,hcall=0xf006 guest-linux': { says: 'holds' },
  'explore ./ask.ts:busy=sing guest-linux': { code: 3, says: 'Expected ("ask" | "wait" | "spin") but received "sing"' },
};

/** Which mutants were killed. */
const killedIn = (out: string): string => /^killed .*\n/m.exec(out)?.[0] ?? '';

/** The commands of which a guide shows what they print: where, below which words, and what of it, if not the table. */
const TABLES: Record<string, [path: string, sentence: string, part?: (out: string) => string]> = {
  [MUTANTS]: ['docs/writing-a-strategy.md', 'The first says of `mine.ts`', killedIn],
  matrix: ['README.md', 'The demo asks'],
  [ASK]: ['docs/writing-a-strategy.md', ASK],
  [LIVE]: ['docs/liveness.md', `${LIVE}\n`],
  [FOR_EVER]: ['docs/liveness.md', FOR_EVER],
};

describe('the documents', () => {
  /** As the top of a clone, with the guides' files in it. */
  const clone = temporaryFolder();
  let token = '';

  beforeAll(async () => {
    for (const name of ['mine.ts', 'ask.ts'])
      writeFileSync(join(clone, name), given('docs/writing-a-strategy.md', name));
    for (const name of ['node_modules', 'docs']) symlinkSync(fileURLToPath(new URL(name, top)), join(clone, name));
    const { out } = await checkstop(['explore', 'hcall-hold', 'guest-linux']);
    token = /^checkstop replay (\S+)$/m.exec(out)?.[1] ?? '';
  });

  it.each([
    ['docs/examples/first-verdict.mjs', 'violated'],
    ['docs/examples/custom-hypervisor.mjs', 'holds, in '],
  ])('%s stands in the README word by word, and prints its verdict', async (path, said) => {
    expect(read('README.md')).toContain(read(path).trim());
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await import(/* @vite-ignore */ new URL(path, top).pathname);
    expect(log.mock.calls[0]?.[0]).toContain(said);
    const printed = log.mock.calls.map(([line]) => `${line}\n`).join('');
    log.mockRestore();
    process.exitCode = 0;
    if (said === 'violated') expect(shown('README.md', 'prints a counterexample:', printed)).toBe(printed);
  });

  it('print no command but these', () => {
    expect(new Set(GUIDES.flatMap(commandsIn))).toEqual(new Set(Object.keys(COMMANDS)));
  });

  it.each(Object.entries(COMMANDS))(
    'say what `checkstop %s` does',
    async (command, { code = 0, says }) => {
      const argv = words(command.replace('cs1.…', token));
      const ran = await checkstop(argv, { cwd: clone });
      expect(ran.out + ran.err).toContain(says);
      expect(ran.code).toBe(code);
      const [path, sentence, part = tableOf] = TABLES[command] ?? [];
      if (path && sentence) expect(shown(path, sentence, part(ran.out))).toBe(part(ran.out));
    },
    120_000,
  );

  it('show a loop as it is told', async () => {
    const { out } = await checkstop(['explore', 'hcall-busy', 'guest-linux', '--liveness'], { columns: 116 });
    const [printed = ''] = /^progress under weak fairness.*?\n(?=\n)/ms.exec(out) ?? [];
    expect(shown('docs/liveness.md', 'This is how `hcall-busy`', printed)).toBe(printed);
    expect(printed).toContain('-- the loop begins');
  });

  it('give a configuration that works', async () => {
    const cwd = join(clone, 'configured');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'ask.ts'), given('docs/writing-a-strategy.md', 'ask.ts'));
    writeFileSync(join(cwd, 'checkstop.config.ts'), given('docs/getting-started.md', 'checkstop.config.ts'));
    const { code, out } = await checkstop(['matrix'], { cwd });
    expect(tableOf(out)).toBe(
      '               guest-linux\ndirect-exit    holds (safety)\nask:busy=wait  holds (safety)\n',
    );
    expect(code).toBe(0);
  });

  it('name every command that there is', async () => {
    const { out } = await checkstop(['--help']);
    const commands = [...out.matchAll(/^ {2}(\w+) {2}/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(5);
    for (const name of commands)
      expect(read('docs/getting-started.md') + read('README.md')).toContain(`checkstop ${name}`);
  });

  it('list every error code of the command', () => {
    const folders = ['.', 'commands', 'workers'].map((folder) => new URL(`${folder}/`, import.meta.url));
    const sources = folders.flatMap((folder) =>
      readdirSync(folder).flatMap((name) =>
        /(?<!test|fixture)\.ts$/.test(name) ? [readFileSync(new URL(name, folder), 'utf8')] : [],
      ),
    );
    const codesIn = (text: string): string[] =>
      [...text.matchAll(/['`]((?:CLI|CONFIG|TOKEN|SAVE)_[A-Z_]+)['`]/g)].map(([, code = '']) => code);
    expect(new Set(codesIn(read('packages/cli/README.md')))).toEqual(new Set(sources.flatMap(codesIn)));
  });

  it("the guides' links lead somewhere", () => {
    for (const path of [...GUIDES, 'docs/answers.md', 'docs/verdicts.md', 'docs/traces.md', 'docs/reports.md'])
      for (const [, target = ''] of read(path).matchAll(/\]\((?!https?:)([^)#]+)/g))
        expect(() => readFileSync(new URL(target, new URL(path, top))), `${path}: ${target}`).not.toThrow(/ENOENT/);
  });
});
