import {
  type CellSpec,
  command,
  EXIT,
  MatrixPrinter,
  outputFiles,
  runMatrix,
  verdicts,
  violationText,
} from '@checkstop/cli';
import { expected, surprise } from './expected.ts';

/** The counterexamples that say most about the question the designers argued over; printed in full. */
const TELLING = [
  { strategy: 'hcall-hold', guest: 'guest-linux', property: 'noDeadlock' },
  { strategy: 'hcall-busy', guest: 'guest-other-os', property: 'entryContract' },
];

/** The command, as it can be called here. */
const COMMAND = 'node packages/cli/bin/checkstop.js';

const cell = (strategy: string, guest: string, full: boolean): CellSpec => ({
  strategy: { name: strategy, options: {} },
  guest: { name: guest, options: full ? { build: 'full' } : {} },
  hypervisor: { name: 'qemu', options: {} },
  vcpus: 2,
  checks: { perVcpu: 1 },
  profile: { sprg2: 'private' },
});

/** `npm run demo`: the matrix, compared with what is expected of it, and two counterexamples. */
export const demo = command({
  name: 'demo',
  line: 'npm run demo --',
  description: 'Five strategies, two guests, every interleaving: the verdicts, found by running machine code',
  args: {
    json: { type: 'string', valueHint: 'file', description: 'Write checkstop.verdicts/1 there; - is standard output' },
    mutants: { type: 'boolean', description: 'Try what holds with deliberate mistakes, too: half a minute' },
    full: { type: 'boolean', description: 'Full guests instead of the brief builds: no bound on the time' },
  },
  examples: [
    ['npm run demo', 'print the matrix and the two most telling counterexamples'],
    ['npm run demo -- --json verdicts.json', 'the same, with the verdicts kept in a file'],
  ],
  async run({ json, full, mutants }, outer) {
    const { io, write } = outputFiles(outer, { json });
    const specs = Object.entries(expected).flatMap(([strategy, guests]) =>
      Object.keys(guests).map((guest) => cell(strategy, guest, full === true)),
    );
    const printer = new MatrixPrinter(io, {}, false);
    const runs = await runMatrix(specs, { mutants: mutants === true, interrupted: io.interrupted, ...printer.hooks });
    printer.table(runs);

    const cut = runs.some(({ result }) => result.verdict === 'incomplete');
    io.out(cut ? '\nInterrupted: no verdict on the incomplete cells.\n' : '\nThe two most telling counterexamples:\n');
    for (const { strategy, guest, property } of TELLING) {
      const run = runs.find(({ cell: { spec } }) => spec.strategy.name === strategy && spec.guest.name === guest);
      const violation = run?.result.violations.find((found) => found.property === property);
      if (run && violation)
        io.out(`\n${io.colors.bold(`${strategy} x ${guest}`)}, ${violationText(run.machine, violation, io)}`);
    }
    io.out(`\nEvery cell in full, with counterexamples or a witness:  ${COMMAND} explore STRATEGY GUEST\n`);
    io.out(`A counterexample again, from its token:                 ${COMMAND} replay TOKEN\n`);
    write('json', `${JSON.stringify(verdicts(runs), null, 2)}\n`);

    const surprises = cut ? [] : runs.flatMap((run) => surprise(run) ?? []);
    for (const text of surprises) io.out(io.colors.red(`unexpected: ${text}\n`));
    return cut ? EXIT.incomplete : surprises.length === 0 ? EXIT.holds : EXIT.violated;
  },
});
