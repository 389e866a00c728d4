import { createHash } from 'node:crypto';
import { scheduleLength } from '@checkstop/kernel';
import { complaintOf } from '../judgement.ts';
import { fairnessText, lassoCostOf, livenessText, runOf } from '../liveness.ts';
import { costOf, nameOf, type Report, type ReportCell, replayCommand } from '../report.ts';
import { element, escapeText } from '../xml.ts';
import { cellId, effortText, matrixTable } from './matrix-table.ts';
import { mutantTable } from './mutant-table.ts';
import { runDetails } from './run.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/**
 * The matrix as one HTML page: verdicts, bounds, and each counterexample and witness as a timeline to step through. It
 * refers to nothing outside itself, and tells the browser to load nothing; without JavaScript the timelines are tables.
 */
export function html({ tool, cells }: Report): string {
  const title = `${tool.name} ${tool.version}`;
  const head = [
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('title', {}, escapeText(title)),
    element('style', {}, STYLE),
  ];
  const body = [
    element('h1', {}, escapeText(title)),
    matrixTable(cells),
    ...cells.map(cellSection),
    propertyList(cells),
    element('script', {}, SCRIPT),
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${head.join('\n')}\n</head>\n<body>\n${body.join('\n')}\n</body>\n</html>\n`;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but this style and this script: should text ever be taken for markup, it could still do nothing. */
const POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}`;

function cellSection(cell: ReportCell, index: number): string {
  const { result, bounds, mutants } = cell;
  const { verdict, violations, witness, lassos = [] } = result;
  const id = cellId(index);
  const runs = violations.map((violation, i) =>
    runDetails(
      `${id}-run-${i}`,
      violation.property,
      `${violation.text} (${costOf(violation)})`,
      replayCommand(cell, violation),
      cell.tell(violation),
    ),
  );
  for (const [i, lasso] of lassos.entries()) {
    const title = `${lasso.property} under ${fairnessText(lasso.fairness)}`;
    const told = cell.tell(runOf(lasso), scheduleLength(lasso.stem));
    runs.push(
      runDetails(`${id}-lasso-${i}`, title, `${lasso.text} (${lassoCostOf(lasso)})`, replayCommand(cell, lasso), told),
    );
  }
  if (witness)
    runs.push(
      runDetails(
        `${id}-witness`,
        'witness',
        `a run in which all went well (${costOf(witness)})`,
        replayCommand(cell, witness),
        cell.tell(witness),
      ),
    );
  const complaint = verdict === 'violated' ? undefined : complaintOf(cell);
  return element(
    'section',
    { id },
    element('h2', {}, escapeText(`${nameOf(cell)} `), element('span', { class: `verdict ${verdict}` }, verdict)),
    ...(complaint === undefined ? [] : [element('p', {}, escapeText(complaint))]),
    element('pre', {}, escapeText([...bounds, effortText(cell), livenessText(cell)].join('\n').trimEnd())),
    ...runs,
    ...(mutants ? [mutantTable(cell, mutants)] : []),
  );
}

function propertyList(cells: readonly ReportCell[]): string {
  const properties = new Map(
    cells.flatMap(({ properties }) => properties.map((property) => [property.name, property])),
  );
  const items = [...properties.values()].flatMap(({ name, description = '' }) => [
    element('dt', {}, element('code', {}, escapeText(name))),
    element('dd', {}, escapeText(description)),
  ]);
  return element('section', {}, element('h2', {}, 'What was checked'), element('dl', {}, ...items, ''));
}
