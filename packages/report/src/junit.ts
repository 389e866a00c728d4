import { complaintOf, judgementOf } from './judgement.ts';
import { fairnessText, lassoCostOf, livenessText } from './liveness.ts';
import { mutantLines } from './mutants.ts';
import { costOf, nameOf, type Report, type ReportCell, replayCommand } from './report.ts';
import { type Attributes, element, escapeText } from './xml.ts';

/**
 * The matrix as JUnit XML: a suite for each row, a test case for each cell. `violated` and `vacuous` are failures; an
 * `incomplete` cell is an error, since nobody may take it for passed. Liveness counts as far as a profile of fairness was
 * demanded, and mutants if they were to be seen; what was found stands in `system-out` in any case.
 */
export function junit({ tool, cells }: Report): string {
  const rows = [...new Set(cells.map(({ row }) => row))];
  const suites = rows.map((row) => {
    const own = cells.filter((cell) => cell.row === row);
    return block('testsuite', { name: row, ...tallyOf(own) }, own.map(testCase));
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${block('testsuites', { name: tool.name, ...tallyOf(cells) }, suites)}\n`;
}

function tallyOf(cells: readonly ReportCell[]): Attributes {
  const outcomes = cells.map(outcomeOf);
  return {
    tests: cells.length,
    failures: outcomes.filter((outcome) => outcome === 'failure').length,
    errors: outcomes.filter((outcome) => outcome === 'error').length,
    skipped: 0,
    time: secondsText(cells.reduce((sum, { seconds }) => sum + seconds, 0)),
  };
}

function outcomeOf(cell: ReportCell): 'failure' | 'error' | undefined {
  const judgement = judgementOf(cell);
  if (judgement === 'holds') return undefined;
  return judgement === 'incomplete' ? 'error' : 'failure';
}

function testCase(cell: ReportCell): string {
  const { row, column, result, effort, seconds, bounds, mutants } = cell;
  const outcome = outcomeOf(cell);
  const judgement = judgementOf(cell);
  const lassos = (result.lassos ?? []).map(
    (lasso) =>
      `${lasso.property} under ${fairnessText(lasso.fairness)}: ${lasso.text}\n(${lassoCostOf(lasso)})\n${replayCommand(cell, lasso)}\n`,
  );
  const details = [
    ...result.violations.map(
      (violation) =>
        `${violation.property}: ${violation.text}\n(${costOf(violation)})\n${replayCommand(cell, violation)}\n`,
    ),
    ...(outcome ? lassos : []),
  ];
  const liveness = livenessText(cell);
  return block('testcase', { classname: row, name: column, time: secondsText(seconds) }, [
    ...(outcome
      ? [
          element(
            outcome,
            { type: judgement, message: `${judgement}: ${complaintOf(cell)}` },
            escapeText(details.join('\n') || `${nameOf(cell)}: ${complaintOf(cell)}\n`),
          ),
        ]
      : []),
    element(
      'system-out',
      {},
      escapeText(
        `${[...bounds, `${result.verdict}: ${effort}`, ...(liveness === '' ? [] : [liveness, ...(outcome ? [] : lassos)]), ...(mutants ? mutantLines(mutants) : [])].join('\n')}\n`,
      ),
    ),
  ]);
}

const secondsText = (seconds: number): string => seconds.toFixed(3);

/** An element whose children stand on lines of their own. */
const block = (name: string, attributes: Attributes, children: readonly string[]): string =>
  element(name, attributes, '\n', ...children.map((child) => `${child}\n`));
