import type { Property } from '@checkstop/kernel';
import { costOf, counted, fairnessText, lassoCostOf } from '@checkstop/report';
import type { Explanation, TriedNeighbour } from './explain.ts';
import type { Io } from './io.ts';
import type { ChangedPart } from './neighbours.ts';
import { formatPluginSpec, formatValue } from './plugin-spec.ts';
import { count } from './progress.ts';
import { searchedText, verdictText } from './report.ts';
import { retell } from './retell.ts';
import { replayLine } from './story.ts';
import { type CellVerdict, cellVerdict } from './verdicts.ts';

/** What `checkstop explain --json` writes. */
export interface ExplanationReport {
  readonly schema: 'checkstop.explanation/1';
  readonly cell: CellVerdict;
  /** For each violated property what it asks, and its counterexample in sentences. */
  readonly told: readonly { readonly property: string; readonly asks?: string; readonly run: readonly string[] }[];
  /** Every cell one step away. */
  readonly neighbours: readonly {
    readonly part: ChangedPart;
    /** Left out: the whole part is exchanged. */
    readonly option?: string;
    readonly from: unknown;
    readonly to: unknown;
    readonly about?: string;
    readonly verdict: TriedNeighbour['verdict'];
    readonly violated: readonly string[];
    /** Whether every property was decided. */
    readonly complete: boolean;
    readonly why?: string;
  }[];
  /** Neighbours that were not tried, because somebody interrupted. */
  readonly left: number;
}

/** Puts an explanation into the form that `--json` writes. */
export const explanationReport = ({ run, tried, left }: Explanation): ExplanationReport => ({
  schema: 'checkstop.explanation/1',
  cell: cellVerdict(run),
  told: run.result.violations.map((violation) => {
    const asks = asked(run.machine.properties, violation.property);
    return { property: violation.property, ...(asks && { asks }), run: retell(run.machine, violation) };
  }),
  neighbours: tried.map(({ spec: _, description, ...neighbour }) => ({
    ...neighbour,
    ...(description && { about: description }),
  })),
  left,
});

/** The verdict in words: what is violated and how, or nothing; and which single steps would change it. */
export function explanationText(explanation: Explanation, { colors }: Pick<Io, 'colors'>): string {
  const { run, tried, judged } = explanation;
  const { cell, machine, result, fairness } = run;
  const told = result.violations.map((violation) => {
    const { property, token } = violation;
    const asks = asked(machine.properties, property);
    return (
      `\n${colors.bold(property)}${asks ? ` asks: ${asks}` : ''}\n` +
      `  The run (${costOf(violation)}): ${retell(machine, violation).join(' ')}\n` +
      `  ${replayLine(token, cell)}\n`
    );
  });
  for (const lasso of (result.lassos ?? []).filter((found) => found.fairness === fairness)) {
    const { property, token, text } = lasso;
    const asks = asked(machine.properties, property);
    told.push(
      `\n${colors.bold(`${property} under ${fairnessText(lasso.fairness)}`)}${asks ? ` asks: ${asks}` : ''}\n` +
        `  The run (${lassoCostOf(lasso)}): ${text}.\n` +
        `  ${replayLine(token, cell)}\n`,
    );
  }
  const head = `${verdictText(run, colors)}: ${searchedText(run)}\n${told.join('')}`;
  if (judged.verdict === 'incomplete') return head;
  return `${head}\n${judged.verdict === 'holds' ? hangsOn(tried) : decides(explanation)}${rest(explanation)}`;
}

/** Of a cell that holds: the steps that break it. */
function hangsOn(tried: readonly TriedNeighbour[]): string {
  const red = tried.filter(({ verdict }) => verdict === 'violated' || verdict === 'vacuous');
  const same = tried.filter(({ verdict }) => verdict === 'holds');
  return (
    `Of ${counted(tried.length, 'cell')} one step away, ${counted(red.length, 'cell')} ${red.length === 1 ? 'does' : 'do'} not hold:\n` +
    stepsText(red, ({ verdict, violated }) => (verdict === 'vacuous' ? verdict : violated.join(', '))) +
    list('As good', same)
  );
}

/** Of a cell that does not: the steps that mend it, and those after which less is wrong. */
function decides({ judged: { violated }, tried }: Explanation): string {
  const mends = tried.filter(({ verdict }) => verdict === 'holds');
  const isLess = ({ verdict, complete, violated: left }: TriedNeighbour): boolean =>
    verdict === 'violated' &&
    complete &&
    left.length < violated.length &&
    left.every((name) => violated.includes(name));
  const less = tried.filter(isLess);
  const others = tried.filter(({ verdict }) => verdict === 'violated').length - less.length;
  return (
    (mends.length > 0
      ? `What decides: of ${counted(tried.length, 'cell')} one step away, ${mends.length === 1 ? 'this holds' : 'these hold'}:\n${stepsText(mends)}`
      : `No single step mends it: none of ${counted(tried.length, 'cell')} one step away holds.\n`) +
    (less.length > 0
      ? `Less is found wrong after:\n${stepsText(less, ({ violated: left }) => `still ${left.join(', ')}`)}`
      : '') +
    (others > 0 ? `The same or more is wrong in ${counted(others, 'other')}.\n` : '')
  );
}

/** What is no part of the answer, so that nobody takes it for one. */
function rest({ tried, left, neighbourStates }: Explanation): string {
  const undecided = tried.filter(({ verdict }) => verdict === 'incomplete');
  const refused = tried.filter(({ verdict }) => verdict === 'refused');
  return (
    list(`Not decided within ${count(neighbourStates)} states or the limits given`, undecided) +
    list('Refused by a plugin, or never ready', refused) +
    (left > 0 ? `Not tried, because interrupted: ${counted(left, 'cell')}.\n` : '')
  );
}

/** What one types to take the step. */
export function stepName({ part, option, to, spec }: Pick<TriedNeighbour, 'part' | 'option' | 'to' | 'spec'>): string {
  if (part === 'firmware') return `--profile ${option}=${formatValue(to)}`;
  const text = option
    ? formatPluginSpec({ name: spec[part].name, options: { [option]: to } })
    : formatPluginSpec(spec[part]);
  return part === 'hypervisor' ? `--hypervisor ${text}` : text;
}

/** A line for each step, and below those of one option what it is about. */
function stepsText(steps: readonly TriedNeighbour[], outcome?: (step: TriedNeighbour) => string): string {
  return steps
    .map((step, i) => {
      const { part, option, from, description } = step;
      const next = steps[i + 1];
      const isLast = next?.part !== part || next.option !== option;
      return (
        `  ${stepName(step)}  (${option ? 'was' : 'instead of'} ${formatValue(from)})${outcome ? `: ${outcome(step)}` : ''}\n` +
        (isLast && description ? `      ${description}\n` : '')
      );
    })
    .join('');
}

const list = (what: string, tried: readonly TriedNeighbour[]): string =>
  tried.length === 0 ? '' : `${what}: ${tried.map(stepName).join(', ')}.\n`;

const asked = (properties: readonly Property[], name: string): string | undefined =>
  properties.find((property) => property.name === name)?.description;
