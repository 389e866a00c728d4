import { wholeNumber } from '@checkstop/cli';
import pc from 'picocolors';
import { runCheckstop } from './checkstop.ts';
import { median, type Report, report, row } from './report.ts';
import { runSpin, type SpinCell, spinVersion } from './spin.ts';

/** How large a cell is. */
export interface Size {
  readonly vcpus: number;
  /** Machine checks on each. */
  readonly checks: number;
}

/** Reads `2x1,3x1`: vCPUs and checks on each, several sizes separated by commas. @throws CheckstopError CLI_BAD_ARGUMENT */
export const parseSizes = (text: string): Size[] =>
  text.split(',').map((size) => {
    const [vcpus = '', ...checks] = size.trim().split('x');
    return { vcpus: wholeNumber('sizes', vcpus, 1, 8), checks: wholeNumber('sizes', checks.join('x'), 1, 4) };
  });

/** How much to run. */
export interface ExploreBench {
  readonly sizes: readonly Size[];
  /** Runs of each; medians are reported. */
  readonly runs: number;
}

const STRATEGIES = ['hcall-hold', 'hcall-busy', 'hcall-wait', 'illegal-instruction', 'direct-exit'];

/** Seconds after which `pan` is ended without a verdict. */
const GIVE_UP = 120;

/** The model's knob for the guest: one that keeps something in SPRG2, or not. */
const GUESTS = { 'guest-linux': { PERSISTENT: 0 }, 'guest-other-os': { PERSISTENT: 1 } };

/**
 * Time to verdict, cell by cell and back to back: `checkstop explore` on machine code, from process start to process end, beside
 * `spin -a`, gcc and `pan` on a Promela model of the same cell. Both look for every violation of their properties, but `pan`
 * stops at the first.
 */
export function benchExplore({ sizes, runs }: ExploreBench, out: (line: string) => void): Report {
  const peer = spinVersion();
  out(
    peer === null
      ? 'spin or gcc is not installed: no peer to compare with'
      : `peer: ${peer}, -DSAFETY -O2, partial-order reduction`,
  );
  out(
    `medians of ${runs}; ours runs machine code and looks for every violation, with the reductions that the row names;\nthe peer runs a model, with partial-order reduction and without symmetry, stops at the first, and is given up after ${GIVE_UP} s\n`,
  );
  out(
    line(
      'cell',
      ['states', 'transitions', 'MB', 'seconds'],
      ['states', 'transitions', 'MB', 'seconds'],
      'ratio',
      'ours on',
    ),
  );
  const cells = sizes.flatMap((size) =>
    STRATEGIES.flatMap((strategy) =>
      Object.entries(GUESTS).map(([guest, knobs]) => ({ ...size, strategy, guest, knobs })),
    ),
  );
  const rows = cells.map(({ vcpus, checks, strategy, guest, knobs }) => {
    const name = `${strategy} ${guest} ${vcpus}x${checks}`;
    const args = [strategy, guest, '--vcpus', `${vcpus}`, '--checks', `${checks}`];
    const model: SpinCell = { model: strategy, knobs: { VCPUS: vcpus, CHECKS: checks, ...knobs } };
    const pairs = Array.from({ length: runs }, () => ({
      ours: runCheckstop(...args),
      spin: peer === null ? null : runSpin(model, GIVE_UP),
    }));
    const [{ ours, spin }] = pairs as [(typeof pairs)[0]];
    const seconds = median(pairs.map((pair) => pair.ours.seconds));
    const spinSeconds = spin && median(pairs.flatMap((pair) => pair.spin?.seconds ?? []));
    const silent = peer === null ? 'spin or gcc is not installed' : `no verdict in ${GIVE_UP} s`;
    if (spin && spin.verdict !== ours.cell.verdict)
      out(pc.red(`${name}: ours says ${ours.cell.verdict}, the model ${spin.verdict}`));
    const result = row(`explore ${name}`, seconds, spinSeconds, spin ? undefined : silent);
    out(
      line(
        name,
        [ours.cell.states, ours.cell.transitions, ours.megabytes, seconds],
        spin
          ? [spin.states, spin.transitions, spin.megabytes, spinSeconds ?? 0]
          : ['-', '-', '-', peer === null ? '-' : `> ${GIVE_UP}`],
        result.ratio === null ? '-' : `${result.ratio.toFixed(2)}x`,
        `machine code: ${ours.cell.reductions.join(', ')}`,
      ),
    );
    return result;
  });
  return report(rows, peer);
}

type Cell = number | string;

const show = (value: Cell): string =>
  (typeof value === 'string'
    ? value
    : Number.isInteger(value)
      ? value.toLocaleString('en')
      : value.toFixed(2)
  ).padStart(12);

const line = (name: string, ours: readonly Cell[], peer: readonly Cell[], ratio: string, on: string): string =>
  `${name.padEnd(36)}${ours.map(show).join('')} |${peer.map(show).join('')} |${ratio.padStart(8)}  ${on}`;
