import { cpus, totalmem } from 'node:os';

/**
 * One comparison. `ours` and `peer` are in `unit`, and less is better; `ratio` is peer / ours, above 1 when we are ahead.
 * A peer that is not installed, or gave no answer, leaves `peer` and `ratio` null, and `note` says why.
 */
export interface Row {
  name: string;
  ours: number;
  peer: number | null;
  /** Seconds, or runs until something is found. */
  unit: 's' | 'runs';
  ratio: number | null;
  note?: string;
}

/** What every benchmark writes with `--json FILE`. */
export interface Report {
  schema: 'checkstop.bench/1';
  rows: Row[];
  /** Geometric mean of the ratios there are; null without any. */
  geomean: number | null;
  machine: { cpu: string; cpus: number; memoryGiB: number; node: string; platform: string; peer: string | null };
}

export const row = (name: string, ours: number, peer: number | null, note?: string, unit: Row['unit'] = 's'): Row => ({
  name,
  ours,
  peer,
  unit,
  ratio: peer === null ? null : peer / ours,
  ...(note === undefined ? {} : { note }),
});

/** `peer` is the peer's version as it prints it, null when it is not installed. */
export function report(rows: Row[], peer: string | null): Report {
  const ratios = rows.flatMap((r) => r.ratio ?? []);
  const [cpu] = cpus();
  return {
    schema: 'checkstop.bench/1',
    rows,
    geomean:
      ratios.length === 0 ? null : Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length),
    machine: {
      cpu: cpu?.model ?? 'unknown',
      cpus: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      peer,
    },
  };
}

/** The middle value; the mean of the two in the middle when there is no one middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half];
  const lower = sorted[sorted.length % 2 === 1 ? half : half - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('a median needs at least one value');
  return (lower + upper) / 2;
}
