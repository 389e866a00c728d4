import { type Counterexample, type Timeline, type TimelineRow, timeline } from '@checkstop/explorer';
import type { Difference, Machine } from '@checkstop/kernel';
import { counted } from '@checkstop/report';

/**
 * A counterexample in a few sentences: who was struck where and how far each went; who wrote what the violation finds, or,
 * where the run ends in waiting, what each would do next and who holds what.
 */
export function retell(machine: Machine, { schedule, property, text }: Counterexample): string[] {
  const told = timeline(machine, schedule, { changes: true });
  const turns = turnsOf(told.rows).map((turn) => turnText(told, turn));
  const isEnd = told.ending.some((violation) => violation.property === property);
  return [...turns, `${capital(text)}.`, ...(isEnd && !told.stopped ? endText(told) : blame(told, text))];
}

/** The rows of a timeline, cut where the run turns to another agent. */
function turnsOf(rows: readonly TimelineRow[]): TimelineRow[][] {
  const turns: TimelineRow[][] = [];
  for (const row of rows) {
    const last = turns.at(-1);
    if (last?.[0]?.agent === row.agent) last.push(row);
    else turns.push([row]);
  }
  return turns;
}

function turnText({ agents }: Timeline, turn: readonly TimelineRow[]): string {
  const who = agents[turn[0]?.agent ?? 0];
  const parts: string[] = [];
  let steps = 0;
  const flush = (upTo: string): void => {
    if (steps > 0) parts.push(`takes ${counted(steps, 'step')}, the last ${upTo}`);
    steps = 0;
  };
  let before = '';
  for (const { action, text } of turn) {
    if (action === 'step') steps += 1;
    else {
      flush(before);
      parts.push(`is struck (${action}) before \`${text}\``);
    }
    before = `\`${text}\``;
  }
  flush(before);
  return `${who} ${parts.join(', then ')}.`;
}

/** Where everybody stands who will not get any further. */
function endText({ agents, next, lanes, rows }: Timeline): string[] {
  const last = rows.at(-1)?.lanes ?? [];
  const held = lanes.flatMap((lane, i) => (last[i] && last[i] !== '-' ? [`${last[i]} holds ${lane}`] : []));
  const stand = agents.map((agent, i) => `${agent}: \`${next[i]}\``);
  return [`What would come next: ${stand.join('; ')}.`, ...(held.length > 0 ? [`${held.join(', ')}.`] : [])];
}

/** The step that gave a register the value which the violation finds in it, if one did. */
function blame({ agents, rows }: Timeline, text: string): string[] {
  const [, register, found] = /^(\w+) is (0x[\da-f]+)\b/.exec(text) ?? [];
  const agent = rows.at(-1)?.agent;
  const isIt = ({ name, after }: Difference): boolean => fieldOf(name) === register?.toLowerCase() && after === found;
  const row = rows.findLast((one) => one.agent === agent && one.changes.some(isIt));
  const change = row?.changes.find(isIt);
  if (!row || !change) return [];
  const where = row.action === 'step' ? `at \`${row.text}\`` : `when it was struck (${row.action})`;
  return [`${agents[row.agent]} wrote that ${where}; before, it was ${change.before}.`];
}

const fieldOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
