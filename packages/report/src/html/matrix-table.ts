import { complaintOf } from '../judgement.ts';
import { livenessText } from '../liveness.ts';
import { mutantLines } from '../mutants.ts';
import type { ReportCell } from '../report.ts';
import { element, escapeText } from '../xml.ts';

/** The matrix as a table of verdicts, each of which leads to its cell's section. */
export function matrixTable(cells: readonly ReportCell[]): string {
  const rows = [...new Set(cells.map(({ row }) => row))];
  const columns = [...new Set(cells.map(({ column }) => column))];
  const head = (scope: 'row' | 'col', text: string): string => element('th', { scope }, escapeText(text));
  const lines = rows.map((row) =>
    element(
      'tr',
      {},
      head('row', row),
      ...columns.map((column) => {
        const index = cells.findIndex((cell) => cell.row === row && cell.column === column);
        const cell = cells[index];
        return cell ? verdictCell(cell, index) : element('td', {}, '');
      }),
    ),
  );
  return element(
    'table',
    { class: 'matrix' },
    element('thead', {}, element('tr', {}, element('td', {}, ''), ...columns.map((column) => head('col', column)))),
    '\n',
    element('tbody', {}, ...lines.map((line) => `${line}\n`)),
  );
}

function verdictCell(cell: ReportCell, index: number): string {
  const { verdict } = cell.result;
  const liveness = livenessText(cell);
  const why = `${verdict === 'violated' ? ` ${complaintOf(cell)}` : ''}${liveness && `; ${liveness}`}`;
  return element(
    'td',
    { class: verdict },
    element('a', { href: `#${cellId(index)}` }, element('span', { class: 'verdict' }, verdict), escapeText(why)),
    element('small', {}, escapeText(effortText(cell))),
    ...(cell.mutants ? mutantLines(cell.mutants).map((line) => element('small', {}, escapeText(line))) : []),
  );
}

/** Where a cell's section is. */
export const cellId = (index: number): string => `cell-${index}`;

/** What a cell took, the time included. */
export const effortText = ({ effort, seconds }: ReportCell): string => `${effort}, ${seconds.toFixed(2)} s`;
