import pc from 'picocolors';
import { runCheckstop } from './checkstop.ts';
import { median, type Report, report, row } from './report.ts';
import { runSpin, type SpinCell, spinVersion } from './spin.ts';

/** How much to run. */
export interface ExploreBench {
  readonly vcpus: number;
  readonly checks: number;
  /** Runs of each; medians are reported. */
  readonly runs: number;
}

const STRATEGIES = ['hcall-hold', 'hcall-busy', 'hcall-wait', 'illegal-instruction', 'direct-exit'];

/** The model's knob for the guest: one that keeps something in SPRG2, or not. */
const GUESTS = { 'guest-linux': { PERSISTENT: 0 }, 'guest-other-os': { PERSISTENT: 1 } };

/**
 * Time to verdict, cell by cell and back to back: `checkstop explore` on machine code, from process start to process end, beside
 * `spin -a`, gcc and `pan` on a Promela model of the same cell. Both look for every violation of their properties, but `pan`
 * stops at the first.
 */
export function benchExplore({ vcpus, checks, runs }: ExploreBench, out: (line: string) => void): Report {
  const peer = spinVersion();
  out(
    peer === null
      ? 'spin or gcc is not installed: no peer to compare with'
      : `peer: ${peer}, -DSAFETY -O2, partial-order reduction`,
  );
  out(
    `${vcpus} vCPUs, ${checks} check(s) on each, medians of ${runs}; ours runs machine code and looks for every violation,\nthe peer runs a model and stops at the first\n`,
  );
  out(line('cell', ['states', 'transitions', 'seconds'], ['states', 'transitions', 'seconds'], 'ratio'));
  const rows = STRATEGIES.flatMap((strategy) =>
    Object.entries(GUESTS).map(([guest, knobs]) => {
      const args = [strategy, guest, '--vcpus', `${vcpus}`, '--checks', `${checks}`];
      const model: SpinCell = { model: strategy, knobs: { VCPUS: vcpus, CHECKS: checks, ...knobs } };
      const pairs = Array.from({ length: runs }, () => ({
        ours: runCheckstop(...args),
        spin: peer === null ? null : runSpin(model),
      }));
      const [{ ours, spin }] = pairs as [(typeof pairs)[0]];
      const seconds = median(pairs.map((pair) => pair.ours.seconds));
      const spinSeconds = spin && median(pairs.flatMap((pair) => pair.spin?.seconds ?? []));
      if (spin && spin.verdict !== ours.cell.verdict)
        out(pc.red(`${strategy} ${guest}: ours says ${ours.cell.verdict}, the model ${spin.verdict}`));
      const result = row(
        `explore ${strategy} ${guest}`,
        seconds,
        spinSeconds,
        peer === null ? 'spin or gcc is not installed' : undefined,
      );
      out(
        line(
          `${strategy} ${guest}`,
          [ours.cell.states, ours.cell.transitions, seconds],
          spin ? [spin.states, spin.transitions, spinSeconds ?? 0] : ['-', '-', '-'],
          result.ratio === null ? '-' : `${result.ratio.toFixed(2)}x`,
        ),
      );
      return result;
    }),
  );
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

const line = (name: string, ours: readonly Cell[], peer: readonly Cell[], ratio: string): string =>
  `${name.padEnd(36)}${ours.map(show).join('')} |${peer.map(show).join('')} |${ratio.padStart(8)}`;
