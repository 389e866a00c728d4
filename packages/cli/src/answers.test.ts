import { readFileSync, writeFileSync } from 'node:fs';
import type { Counterexample } from '@checkstop/explorer';
import { costOf } from '@checkstop/report';
import pc from 'picocolors';
import { expect, it } from 'vitest';
import { QUESTIONS, type Question } from './answers.fixture.ts';
import { cellSpec } from './args.ts';
import { prepareCell } from './cell.ts';
import { verdictText } from './report.ts';
import { retell } from './retell.ts';
import { type CellRun, runCell } from './run-cell.ts';

const page = new URL('../../../docs/answers.md', import.meta.url);

const HEAD = `# Answers

In 2014 and 2015 the people who designed FWNMI for QEMU asked one another, by mail, how a machine check should get to a guest. Here is each of their questions, and at the end what they left open, with the alternatives as cells and what a search found. Verdicts and runs are those of a test that searches every cell again and compares; the sentences between them are ours, and claim no more than the cells show.

Unless a row says otherwise: two vCPUs, on each of them one SLB multihit before any instruction, brief guests, and an operating system that owns its SPRGs (\`sprg2=private\`). \`npx checkstop explore\` takes a row's cell as it stands, \`explain\` as well, which says what else would turn its verdict; \`npx checkstop replay\` takes the tokens. \`holds (safety)\` says nothing about starving, \`progress\` does.
`;

const colors = pc.createColors(false);

/** Searches what `checkstop explore` would. */
async function explored(command: string): Promise<CellRun> {
  const [strategy = '', guest = '', ...flags] = command.split(' ');
  const given: Record<string, string> = {};
  const liveness = flags.includes('--liveness');
  const pairs = flags.filter((flag) => flag !== '--liveness');
  for (let i = 0; i < pairs.length; i += 2) given[(pairs[i] ?? '').slice(2)] = pairs[i + 1] ?? '';
  const values = { hypervisor: 'qemu', vcpus: '2', checks: '1', resets: '0', profile: undefined, inject: undefined };
  const spec = cellSpec(strategy, guest, { ...values, full: undefined, ...given });
  return runCell(await prepareCell(spec), { liveness });
}

const rowText = ([command, what]: Question['cells'][number], run: CellRun): string =>
  `| ${what} | \`${command}\` | ${verdictText(run, colors)} |`;

/** The cheapest counterexample of a cell: that is the nearest to the cause. */
function brokenText(command: string, { machine, result }: CellRun): string[] {
  const cost = ({ faults, preemptions, steps }: Counterexample): number => (faults * 1e3 + preemptions) * 1e6 + steps;
  const [violation] = result.violations.toSorted((a, b) => cost(a) - cost(b));
  if (!violation) return [];
  return [
    `\`${command}\`, ${violation.property} (${costOf(violation)}): ${retell(machine, violation).join(' ')}\n\n\`\`\`\nnpx checkstop replay ${violation.token}\n\`\`\`\n`,
  ];
}

it.each(QUESTIONS.map((question, i) => [i + 1, question] as const))(
  'docs/answers.md has what is found for question %i',
  async (number, { question, positions, cells, answer }) => {
    const runs: CellRun[] = [];
    for (const [command] of cells) runs.push(await explored(command));
    const rows = cells.map((cell, i) => rowText(cell, runs[i] as CellRun));
    const broken = cells.flatMap(([command], i) => brokenText(command, runs[i] as CellRun));
    const section = [
      `## ${number}. ${question}\n`,
      `${positions}\n`,
      `| | cell | verdict |\n| --- | --- | --- |\n${rows.join('\n')}\n`,
      `**What decides.** ${answer}\n`,
      ...broken,
    ].join('\n');
    if (process.env.CHECKSTOP_DOCS === 'write') put(number, section);
    const text = `${readFileSync(page, 'utf8')}\n`;
    expect(withoutTokens(text)).toContain(withoutTokens(`\n${section}`));
    expect(
      text,
      'The tokens are of a machine of other plugins or options. CHECKSTOP_DOCS=write writes them anew.',
    ).toContain(`\n${section}`);
  },
  240_000,
);

it('docs/answers.md has nothing else', () => {
  const text = readFileSync(page, 'utf8');
  expect(text.startsWith(HEAD)).toBe(true);
  expect(text.match(/^## .*$/gm)).toEqual(QUESTIONS.map(({ question }, i) => `## ${i + 1}. ${question}`));
});

const withoutTokens = (text: string): string => text.replace(/\bcs1\.\S+/g, 'cs1.…');

/** Writes a section in its place. */
function put(number: number, section: string): void {
  const sections = readFileSync(page, 'utf8')
    .split(/^(?=## \d)/m)
    .slice(1);
  sections[number - 1] = section;
  const kept = sections.slice(0, QUESTIONS.length).map((one) => one.trimEnd());
  writeFileSync(page, `${HEAD}\n${kept.join('\n\n')}\n`);
}
