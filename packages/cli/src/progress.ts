import type { Progress, SampleProgress } from '@checkstop/explorer';
import { counted } from '@checkstop/report';
import type { Io } from './io.ts';

/** Says how far a search is, on standard error: one line overwritten on a terminal, a line every few seconds elsewhere if asked, else nothing. */
export class ProgressLine {
  private shown = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly io: Io,
    private readonly asked: boolean,
  ) {}

  /** Tells of a search's progress, not more often than one can read. */
  tell(name: string, { phase, states, transitions, depth }: Progress, seconds: number): void {
    this.show(name, phase, [counted(states, 'state'), counted(transitions, 'transition'), `depth ${depth}`], seconds);
  }

  /** The same of sampling. */
  tellRuns(name: string, { phase, runs, steps, violations }: SampleProgress, seconds: number): void {
    this.show(name, phase, [counted(runs, 'run'), counted(steps, 'step'), counted(violations, 'violation')], seconds);
  }

  private show(name: string, phase: string, figures: readonly string[], seconds: number): void {
    if (!this.io.live && !this.asked) return;
    const now = performance.now();
    if (now - this.shown < (this.io.live ? 100 : 2000)) return;
    this.shown = now;
    const text = `${name}: ${[phase, ...figures, `${seconds.toFixed(1)} s`].join(', ')}`;
    this.io.err(this.io.live ? `\r\x1b[K${text}` : `${text}\n`);
  }

  /** Clears the line. */
  clear(): void {
    if (this.io.live && this.shown > 0) this.io.err('\r\x1b[K');
  }
}

/** A count for people: 12,345. */
export const count = (value: number): string => value.toLocaleString('en');
