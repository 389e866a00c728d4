import { writeFileSync } from 'node:fs';
import {
  type CellRun,
  type CellSpec,
  EXIT,
  MatrixPrinter,
  processIo,
  runMatrix,
  verdicts,
  violationText,
} from '@checkstop/cli';
import { defineCommand, runMain } from 'citty';
import { expected } from './expected.ts';

/** The counterexamples that say most about the question the designers argued over; printed in full. */
const TELLING = [
  { strategy: 'hcall-hold', guest: 'guest-linux', property: 'noDeadlock' },
  { strategy: 'hcall-busy', guest: 'guest-other-os', property: 'entryContract' },
];

const cell = (strategy: string, guest: string, build: string): CellSpec => ({
  strategy: { name: strategy, options: {} },
  guest: { name: guest, options: build === 'full' ? { build } : {} },
  hypervisor: { name: 'qemu', options: {} },
  vcpus: 2,
  checks: { perVcpu: 1 },
  profile: { sprg2: 'private' },
});

/** What is unexpected about a cell, in words; undefined when it came out as expected. */
function surprise({ cell: { spec }, result }: CellRun): string | undefined {
  const wanted = expected[spec.strategy.name]?.[spec.guest.name];
  const found = result.violations.map(({ property }) => property);
  const missing = wanted?.properties.filter((property) => !found.includes(property)) ?? [];
  if (wanted?.verdict === result.verdict && missing.length === 0) return undefined;
  const expectation = [wanted?.verdict, ...(wanted?.properties ?? [])].join(' ');
  return `${spec.strategy.name} x ${spec.guest.name}: expected ${expectation}, found ${[result.verdict, ...found].join(' ')}`;
}

const demo = defineCommand({
  meta: {
    name: 'demo',
    description: 'Five strategies, two guests, every interleaving: the verdicts, found by running machine code',
  },
  args: {
    json: { type: 'string', valueHint: 'file', description: 'Write checkstop.verdicts/1 there' },
    full: { type: 'boolean', description: 'Full guests instead of the brief builds: no bound on the time' },
  },
  async run({ args: { json, full } }) {
    const io = processIo();
    const build = full ? 'full' : 'brief';
    const specs = Object.entries(expected).flatMap(([strategy, guests]) =>
      Object.keys(guests).map((guest) => cell(strategy, guest, build)),
    );
    const printer = new MatrixPrinter(io, {}, false);
    const runs = await runMatrix(specs, { interrupted: io.interrupted, ...printer.hooks });
    printer.table(runs);

    io.out('\nThe two most telling counterexamples:\n');
    for (const { strategy, guest, property } of TELLING) {
      const run = runs.find(({ cell: { spec } }) => spec.strategy.name === strategy && spec.guest.name === guest);
      const violation = run?.result.violations.find((found) => found.property === property);
      if (run && violation)
        io.out(`\n${io.colors.bold(`${strategy} x ${guest}`)}, ${violationText(run.machine, violation, io)}`);
    }
    io.out('\nThe others, each with a witness or a counterexample in full:  checkstop explore STRATEGY GUEST\n');
    io.out('(npx checkstop here; npx checkstop explore --help says more)\n');
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(verdicts(runs), null, 2)}\n`);

    const surprises = runs.flatMap((run) => surprise(run) ?? []);
    for (const text of surprises) io.out(io.colors.red(`unexpected: ${text}\n`));
    if (runs.some(({ result }) => result.verdict === 'incomplete')) process.exitCode = EXIT.incomplete;
    else process.exitCode = surprises.length === 0 ? EXIT.holds : EXIT.violated;
  },
});

await runMain(demo);
