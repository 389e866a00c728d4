import type { Timeline, TimelineRow } from './timeline.ts';

/** Colours a cell; `kind` says what it is. */
export type Paint = (kind: 'fault' | 'violation' | 'local' | 'visible' | 'lane' | 'head', text: string) => string;

/** How to print a timeline. */
export interface RenderOptions {
  /** Characters a line may have. Default 120. */
  readonly width?: number;
  /** Default: no colours. */
  readonly paint?: Paint;
}

/** Narrowest column of an agent that still shows an instruction. */
const MIN_COLUMN = 16;
/** Columns of the step number. */
const NUMBER = 5;
const GAP = '  ';

/**
 * Prints a timeline as one column for each agent, and one for each lane, which shows a value when it changes. Local steps
 * in a row share a line. What properties have to say stands below the step.
 */
export function renderTimeline(timeline: Timeline, options: RenderOptions = {}): string {
  const paint: Paint = options.paint ?? ((_kind, text) => text);
  const laneWidths = timeline.lanes.map((name, i) =>
    timeline.rows.reduce((width, row) => Math.max(width, row.lanes[i].length), name.length),
  );
  const lanesWidth = laneWidths.reduce((sum, width) => sum + GAP.length + width, 0);
  const left = (options.width ?? 120) - NUMBER - lanesWidth - GAP.length * timeline.agents.length;
  const column = Math.max(MIN_COLUMN, Math.floor(left / timeline.agents.length));

  const line = (
    number: string,
    cells: readonly string[],
    lanes: readonly string[],
    kind: Parameters<Paint>[0],
  ): string =>
    [
      number.padStart(NUMBER),
      ...cells.map((cell) => (cell === '' ? ' '.repeat(column) : paint(kind, fit(cell, column)))),
      ...lanes.map((lane, i) => paint('lane', fit(lane, laneWidths[i]))),
    ]
      .join(GAP)
      .trimEnd();

  const lines = [line('', timeline.agents, timeline.lanes, 'head')];
  const folded = fold(timeline.rows);
  folded.forEach(({ row, count }, i) => {
    const before = folded[i - 1]?.row.lanes;
    const lanes = row.lanes.map((value, lane) => (before?.[lane] === value ? '' : value || '-'));
    const cells = timeline.agents.map((_, agent) => (agent === row.agent ? cellOf(row, count) : ''));
    lines.push(line(String(row.step), cells, lanes, kindOf(row)));
    for (const { property, text } of row.violations) lines.push(paint('violation', `${GAP}!! ${property}: ${text}`));
  });
  if (timeline.stopped) {
    const { reason, agent } = timeline.stopped;
    lines.push(`${GAP}the machine stopped: ${reason} (${timeline.agents[agent] ?? agent})`);
  }
  for (const { property, text } of timeline.ending) lines.push(paint('violation', `${GAP}!! ${property}: ${text}`));
  return lines.join('\n');
}

/** Local steps in a row about which there is nothing to say become one line: the first of them, and how many. */
function fold(rows: readonly TimelineRow[]): { readonly row: TimelineRow; count: number }[] {
  const isPlain = ({ action, visible, violations }: TimelineRow): boolean =>
    action === 'step' && !visible && violations.length === 0;
  const lines: { row: TimelineRow; count: number }[] = [];
  for (const row of rows) {
    const last = lines.at(-1);
    const folds =
      last &&
      last.row.agent === row.agent &&
      isPlain(last.row) &&
      isPlain(row) &&
      last.row.lanes.join() === row.lanes.join();
    if (folds) last.count++;
    else lines.push({ row, count: 1 });
  }
  return lines;
}

function cellOf({ action, text }: TimelineRow, count: number): string {
  if (action !== 'step') return `*** ${action} *** before ${text}`;
  return count > 1 ? `... ${count} steps from ${text}` : text;
}

function kindOf({ action, visible }: TimelineRow): Parameters<Paint>[0] {
  if (action !== 'step') return 'fault';
  return visible ? 'visible' : 'local';
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
