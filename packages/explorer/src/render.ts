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

/** Columns of the step number. */
const NUMBER = 5;
const GAP = '  ';

/** A line of the timeline: a step, or local steps in a row, and what the lanes show from there on. */
interface Line {
  readonly row: TimelineRow;
  /** The step in words. */
  readonly text: string;
  /** By lane; empty where it shows what it showed before. */
  readonly lanes: readonly string[];
}

/**
 * Prints a timeline as one column for each agent, and one for each lane, which shows a value when it changes. Where a
 * column would cut off what it says, the agent's name stands before each step instead, and lanes behind it. Local steps in
 * a row share a line. What properties have to say stands below the step; where a loop begins, a line says so.
 */
export function renderTimeline(timeline: Timeline, options: RenderOptions = {}): string {
  const { width = 120, paint = (_kind, text) => text } = options;
  const { loopAt } = timeline;
  const lines = linesOf(timeline.rows, loopAt);
  const print = inColumns(timeline, lines, width, paint) ?? inList(timeline, width, paint);
  const printed = print.head === undefined ? [] : [print.head];
  const complain = ({ property, text }: { property: string; text: string }): void =>
    void printed.push(paint('violation', `${GAP}!! ${property}: ${text}`));
  for (const line of lines) {
    if (line.row.step === loopAt) printed.push(paint('head', `${GAP}-- the loop begins`));
    printed.push(print.line(line));
    line.row.violations.forEach(complain);
  }
  if (loopAt !== undefined && loopAt < timeline.rows.length)
    printed.push(paint('head', `${GAP}-- the state is that in which the loop began`));
  if (timeline.stopped) {
    const { reason, agent } = timeline.stopped;
    printed.push(`${GAP}the machine stopped: ${reason} (${timeline.agents[agent] ?? agent})`);
  }
  timeline.ending.forEach(complain);
  return printed.join('\n');
}

/** A layout. */
interface Layout {
  readonly head?: string;
  line(line: Line): string;
}

/** A column for each agent and lane, unless one is too narrow for what stands in it. */
function inColumns(timeline: Timeline, lines: readonly Line[], width: number, paint: Paint): Layout | undefined {
  const laneWidths = timeline.lanes.map((name, i) =>
    timeline.rows.reduce((widest, row) => Math.max(widest, row.lanes[i].length), name.length),
  );
  const lanesWidth = laneWidths.reduce((sum, lane) => sum + GAP.length + lane, 0);
  const left = width - NUMBER - lanesWidth - GAP.length * timeline.agents.length;
  const column = Math.floor(left / timeline.agents.length);
  const cells = [...timeline.agents, ...lines.map(({ text }) => text)];
  if (cells.some((cell) => cell.length > column)) return undefined;

  const join = (
    number: string,
    texts: readonly string[],
    lanes: readonly string[],
    kind: Parameters<Paint>[0],
  ): string =>
    [
      number.padStart(NUMBER),
      ...texts.map((text) => (text === '' ? ' '.repeat(column) : paint(kind, text.padEnd(column)))),
      ...lanes.map((lane, i) => paint('lane', lane.padEnd(laneWidths[i]))),
    ]
      .join(GAP)
      .trimEnd();
  return {
    head: join('', timeline.agents, timeline.lanes, 'head'),
    line: ({ row, text, lanes }) => {
      const texts = timeline.agents.map((_, agent) => (agent === row.agent ? text : ''));
      return join(String(row.step), texts, lanes, kindOf(row));
    },
  };
}

/** A line for each step with the name of its agent, and one more for the lanes if they don't fit behind it. */
function inList({ agents, lanes: names }: Timeline, width: number, paint: Paint): Layout {
  const widest = Math.max(...agents.map((name) => name.length));
  const indent = NUMBER + GAP.length + widest + GAP.length;
  return {
    line: ({ row, text, lanes }) => {
      const changes = lanes.flatMap((lane, i) => (lane === '' ? [] : [`${names[i]} ${lane}`])).join(', ');
      const kind = kindOf(row);
      const step = [
        String(row.step).padStart(NUMBER),
        paint(kind, agents[row.agent].padEnd(widest)),
        paint(kind, text),
      ];
      if (changes === '') return step.join(GAP);
      const fits = indent + text.length + GAP.length + changes.length <= width;
      return `${step.join(GAP)}${fits ? GAP : `\n${' '.repeat(indent)}`}${paint('lane', changes)}`;
    },
  };
}

/** Local steps in a row about which there is nothing to say become one line: the first of them, and how many. */
function linesOf(rows: readonly TimelineRow[], loopAt: number | undefined): Line[] {
  const folded = fold(rows, loopAt);
  return folded.map(({ row, count }, i) => {
    const before = folded[i - 1]?.row.lanes;
    return {
      row,
      text: textOf(row, count),
      lanes: row.lanes.map((value, lane) => (before?.[lane] === value ? '' : value || '-')),
    };
  });
}

function fold(
  rows: readonly TimelineRow[],
  loopAt: number | undefined,
): { readonly row: TimelineRow; count: number }[] {
  const isPlain = ({ action, visible, violations }: TimelineRow): boolean =>
    action === 'step' && !visible && violations.length === 0;
  const lines: { row: TimelineRow; count: number }[] = [];
  for (const row of rows) {
    const last = lines.at(-1);
    const folds =
      last &&
      row.step !== loopAt &&
      last.row.agent === row.agent &&
      isPlain(last.row) &&
      isPlain(row) &&
      last.row.lanes.join() === row.lanes.join();
    if (folds) last.count++;
    else lines.push({ row, count: 1 });
  }
  return lines;
}

function textOf({ action, text }: TimelineRow, count: number): string {
  if (action !== 'step') return `*** ${action} *** before ${text}`;
  return count > 1 ? `... ${count} steps from ${text}` : text;
}

function kindOf({ action, visible }: TimelineRow): Parameters<Paint>[0] {
  if (action !== 'step') return 'fault';
  return visible ? 'visible' : 'local';
}
