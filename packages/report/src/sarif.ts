import type { Counterexample, Lasso, Timeline, TimelineRow } from '@checkstop/explorer';
import { scheduleLength } from '@checkstop/kernel';
import { complaintOf } from './judgement.ts';
import { fairnessText, fifoLassos, lassoCostOf, runOf } from './liveness.ts';
import { mutantLines } from './mutants.ts';
import { placeOf } from './place.ts';
import { costOf, nameOf, type Report, type ReportCell, replayCommand } from './report.ts';

/**
 * The violations of a matrix in SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format): a rule for each
 * property, a result for each counterexample, located where it ends, with the whole run as a code flow of one thread a
 * vCPU. What a matrix says beside violations (cells that are vacuous or incomplete, mutants) stands as notifications.
 */
export function sarif({ tool, cells }: Report): string {
  const properties = new Map(cells.flatMap((cell) => cell.properties.map((property) => [property.name, property])));
  const ruleIds = [...properties.keys()];
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            ...tool,
            rules: [...properties.values()].map(({ name, description = name }) => ({
              id: name,
              name,
              shortDescription: { text: description },
              help: { text: description },
              defaultConfiguration: { level: 'error' },
            })),
          },
        },
        invocations: [
          {
            // A search that was cut off has not done what it was started for, whatever it found until then (SARIF 3.20).
            executionSuccessful: cells.every(
              ({ result }) => result.complete !== false && result.livenessComplete !== false,
            ),
            toolExecutionNotifications: cells.flatMap((cell) => [
              ...notification(cell),
              ...fifoNotification(cell),
              ...mutantNotification(cell),
            ]),
          },
        ],
        results: cells.flatMap((cell) => [
          ...cell.result.violations.map((violation) => resultOf(cell, violation, ruleIds.indexOf(violation.property))),
          ...(cell.result.lassos ?? []).map((lasso) => lassoResult(cell, lasso, ruleIds.indexOf(lasso.property))),
          ...fifoResults(cell, ruleIds),
        ]),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function notification(cell: ReportCell): object[] {
  const { verdict, complete, livenessComplete } = cell.result;
  const say = (level: 'warning' | 'error', text: string) => [{ level, message: { text: `${nameOf(cell)}: ${text}` } }];
  if (complete === false && verdict === 'violated')
    return say('error', 'violated: the search did not come to its end: there may be more');
  if (complete === false || verdict === 'vacuous' || verdict === 'incomplete')
    return say(complete === false ? 'error' : 'warning', `${verdict}: ${complaintOf(cell)}`);
  return livenessComplete === false
    ? say('error', 'the search ended before it decided liveness: there may be more')
    : [];
}

/** FIFO locks are nothing that is demanded, so that they were not decided is no failure. */
function fifoNotification(cell: ReportCell): object[] {
  const { complete, livenessComplete } = cell.fifoLocks?.result ?? {};
  if (complete !== false && livenessComplete !== false) return [];
  const text = `${nameOf(cell)}: the search with FIFO locks ended before it decided liveness: there may be more`;
  return [{ level: 'warning', message: { text } }];
}

/** What a cell was tried with: a warning if a mistake was not seen. */
function mutantNotification(cell: ReportCell): object[] {
  const { mutants } = cell;
  if (!mutants) return [];
  const hidden = mutants.some(({ outcome }) => outcome === 'survived' || outcome === 'undecided');
  const text = `${nameOf(cell)}: ${mutantLines(mutants).join('\n')}`;
  return [{ level: hidden ? 'warning' : 'note', message: { text }, properties: { cell: nameOf(cell), mutants } }];
}

function resultOf(cell: ReportCell, violation: Counterexample, ruleIndex: number): object {
  const { property, text, token, faults, preemptions, steps, shortest } = violation;
  const told = cell.tell(violation);
  const name = nameOf(cell);
  return {
    ruleId: property,
    ruleIndex,
    kind: 'fail',
    level: 'error',
    message: { text: `${name}: ${text} (${costOf(violation)})\n${replayCommand(cell, violation)}` },
    locations: endOf(told, property).map((where) => location(cell, where)),
    codeFlows: [{ message: { text: costOf(violation) }, threadFlows: threadFlows(cell, told) }],
    // The same finding in another run, or after a repair of something else.
    partialFingerprints: { 'cellAndProperty/v1': `${name}: ${property}` },
    properties: { cell: name, checks: faults, preemptions, steps, shortest, token, bounds: cell.bounds },
  };
}

/** Runs without an end where locks go to whoever has asked longest. */
const fifoResults = ({ fifoLocks: cell }: ReportCell, ruleIds: readonly string[]): object[] =>
  cell === undefined
    ? []
    : fifoLassos(cell).map((lasso) => lassoResult(cell, lasso, ruleIds.indexOf(lasso.property), ' with FIFO locks'));

/** A run without an end: an error if it breaks what was demanded, else something to know. `what` is assumed beside the fairness. */
function lassoResult(cell: ReportCell, lasso: Lasso, ruleIndex: number, what = ''): object {
  const { property, fairness, text, token, faults, steps, stem, loop } = lasso;
  const told = cell.tell(runOf(lasso), scheduleLength(stem));
  const name = nameOf(cell);
  const cost = lassoCostOf(lasso);
  return {
    ruleId: property,
    ruleIndex,
    kind: 'fail',
    level: fairness === cell.fairness ? 'error' : 'note',
    message: {
      text: `${name}: under ${fairnessText(fairness)}${what}, ${text} (${cost})\n${replayCommand(cell, lasso)}`,
    },
    locations: told.next.map((where) => location(cell, where)),
    codeFlows: [{ message: { text: cost }, threadFlows: threadFlows(cell, told) }],
    partialFingerprints: { 'cellAndProperty/v1': `${name}: ${property}: ${fairness}${what}` },
    properties: {
      ...{ cell: name, checks: faults, steps, fairness, token, bounds: cell.bounds },
      loop: { from: scheduleLength(stem), steps: scheduleLength(loop) },
    },
  };
}

/** What was going on where a run violates a property: the step that did it, or where every vCPU ended up. */
function endOf({ rows, next }: Timeline, property: string): readonly string[] {
  const culprit = rows.findLast(({ violations }) => violations.some((violation) => violation.property === property));
  return culprit ? [culprit.text] : next;
}

function location({ column, symbols }: ReportCell, text: string): object {
  const { name, kind, address } = placeOf(text, symbols);
  const isExact = address !== undefined && address <= Number.MAX_SAFE_INTEGER;
  return {
    // JSON has no larger numbers that every reader keeps; the name says the address anyway.
    ...(isExact && { physicalLocation: { address: { absoluteAddress: Number(address), kind, name } } }),
    logicalLocations: [
      {
        name,
        fullyQualifiedName: kind === 'instruction' ? `${column}!${name} (0x${address?.toString(16)})` : name,
        kind: 'function',
      },
    ],
    message: { text },
  };
}

/** One thread for each vCPU; `executionOrder` says how they interleave. */
function threadFlows(cell: ReportCell, { agents, lanes, rows }: Timeline): object[] {
  return agents
    .map((id, agent) => ({
      id,
      locations: rows.filter((row) => row.agent === agent).map((row) => flow(cell, lanes, row)),
    }))
    .filter(({ locations }) => locations.length > 0);
}

function flow(cell: ReportCell, lanes: readonly string[], row: TimelineRow): object {
  const { step, action, text, violations, visible } = row;
  const isEssential = action !== 'step' || violations.length > 0;
  const said = [
    action === 'step' ? text : `${action} before ${text}`,
    ...violations.map((violation) => `${violation.property}: ${violation.text}`),
  ];
  const state = [
    ...lanes.map((lane, i) => [lane, row.lanes[i]]),
    ...row.changes.map(({ name, after }) => [name, after]),
  ];
  return {
    location: { ...location(cell, text), message: { text: said.join('\n') } },
    ...(action !== 'step' && { kinds: [action] }),
    executionOrder: step,
    importance: isEssential ? 'essential' : visible ? 'important' : 'unimportant',
    state: Object.fromEntries(state.map(([key, value]) => [key, { text: value }])),
  };
}
