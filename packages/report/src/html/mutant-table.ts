import type { TriedMutant } from '../mutants.ts';
import { type ReportCell, replayCommand } from '../report.ts';
import { element, escapeText } from '../xml.ts';

/** Each mutant of a cell, what became of it, and what runs that again. */
export function mutantTable(cell: ReportCell, mutants: readonly TriedMutant[]): string {
  const heads = ['mutant', 'the mistake', 'outcome', 'seen by', 'how'];
  return element(
    'table',
    { class: 'mutants' },
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...mutants.map((mutant) => mutantRow(cell, mutant)), ''),
  );
}

const mutantRow = (cell: ReportCell, { name, what, outcome, property, token }: TriedMutant): string =>
  element(
    'tr',
    {},
    element('th', { scope: 'row' }, escapeText(name)),
    element('td', {}, escapeText(what)),
    element('td', { class: outcome }, outcome),
    element('td', {}, escapeText(property ?? (outcome === 'killed' ? 'goals never reached' : ''))),
    element(
      'td',
      {},
      token === undefined ? '' : element('code', { class: 'command' }, escapeText(replayCommand(cell, { token }))),
    ),
  );
