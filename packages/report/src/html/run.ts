import type { Timeline, TimelineRow } from '@checkstop/explorer';
import { element, escapeText } from '../xml.ts';

/** How many hues the style has for agents. */
const HUES = 8;

/** A run to be folded out: the command that runs it again, and every step in a table of one column an agent and one a lane. */
export function runDetails(id: string, title: string, text: string, command: string, told: Timeline): string {
  const hide = `${id}-local`;
  return element(
    'details',
    { class: 'run', id },
    element('summary', {}, element('strong', {}, escapeText(title)), escapeText(`: ${text}`)),
    element('div', { class: 'token' }, element('code', { class: 'command' }, escapeText(command))),
    // Ahead of what it hides, so that the style can find it.
    element('input', { type: 'checkbox', class: 'hide-local', id: hide }),
    element('label', { for: hide }, ' only steps that another agent could notice'),
    element('div', { class: 'bar' }, ''),
    element('div', { class: 'panes' }, element('div', { class: 'steps' }, stepTable(told))),
  );
}

function stepTable(told: Timeline): string {
  const { agents, lanes, rows, ending, stopped, loopAt } = told;
  const heads = ['step', ...agents, ...lanes, 'changed'];
  const columns = heads.length;
  const said = (text: string, kind = 'broken'): string =>
    `${element('tr', { class: kind }, element('td', { colspan: columns }, escapeText(text)))}\n`;
  const stop = stopped && `the machine stopped: ${stopped.reason} (${agents[stopped.agent] ?? stopped.agent})`;
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, escapeText(head))))),
    '\n',
    element(
      'tbody',
      {},
      ...rows.flatMap((row) => [
        ...(row.step === loopAt ? [said('the loop begins', 'mark')] : []),
        stepRow(told, row),
        ...row.violations.map(({ property, text }) => said(`${property}: ${text}`)),
      ]),
      ...(loopAt !== undefined && loopAt < rows.length
        ? [said('the state is that in which the loop began', 'mark')]
        : []),
      ...(stop === undefined ? [endRow(told)] : [said(stop)]),
      ...ending.map(({ property, text }) => said(`${property}: ${text}`)),
    ),
  );
}

function stepRow({ agents }: Timeline, row: TimelineRow): string {
  const { step, agent, action, text, visible, lanes, changes } = row;
  const kind = action !== 'step' ? 'fault' : visible ? undefined : 'local';
  const did = action === 'step' ? text : `${action} before ${text}`;
  const cells = [
    element('th', { scope: 'row' }, String(step)),
    ...agents.map((_, i) => (i === agent ? element('td', { class: 'did' }, escapeText(did)) : element('td', {}, ''))),
    ...lanes.map((value) => element('td', { class: laneClass(agents, value) }, escapeText(value))),
    element(
      'td',
      { class: 'changes' },
      ...changes.map(({ name, before, after }) =>
        element(
          'span',
          { 'data-field': name, 'data-before': before, 'data-after': after },
          escapeText(`${name} ${before} \u2192 `),
          element('b', {}, escapeText(after)),
        ),
      ),
      '',
    ),
  ];
  return `${element('tr', { class: kind, 'data-step': step }, ...cells)}\n`;
}

/** A lane takes on the hue of the agent that it names. */
function laneClass(agents: readonly string[], value: string): string {
  const agent = agents.indexOf(value);
  return agent < 0 ? 'lane' : `lane held a${agent % HUES}`;
}

/** Where everybody stands in the end. */
function endRow({ agents, lanes, next }: Timeline): string {
  const cells = agents.map((_, agent) => element('td', { class: 'did' }, escapeText(next[agent] ?? '')));
  const rest = element('td', { colspan: lanes.length + 1 }, 'next');
  return `${element('tr', {}, element('th', { scope: 'row' }, 'end'), ...cells, rest)}\n`;
}
