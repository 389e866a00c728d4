import type { Machine } from '@checkstop/kernel';
import type { Op, Toy } from './toy.fixture.ts';

/** What all agents share but memory: cells, lock and list, and the votes. */
type Place = 'common' | 'votes';

/** What a toy's step reads or writes beside the state of its own agent. */
export interface Touch {
  /** Something that others notice whoever else touches it. */
  readonly outside?: boolean;
  /** They are constant until somebody writes them. */
  readonly places?: readonly Place[];
  /** A page of RAM, which may be constant, or one agent's. */
  readonly page?: number;
  /** They, or the page, are written. */
  readonly writes?: boolean;
}

/** Says what a step would touch that is possible in the state the machine is in. */
export type Touches = (agent: number, action: number) => Touch;

const LOCAL: Touch = {};
const OUTSIDE: Touch = { outside: true };
const read = (place: Place): Touch => ({ places: [place] });
const write = (...places: Place[]): Touch => ({ places, writes: true });

/** Told from the program of a toy: independent of what the arena saw when steps were taken. */
export function touchesOf(machine: Machine, toy: Pick<Toy, 'programs' | 'nudge' | 'strike'>): Touches {
  const view = machine.use('toy');
  return (agent, action) => {
    const name = machine.actions[action];
    if (name === 'nudge') return toy.nudge === 'shared' ? write('common') : LOCAL;
    if (name === 'fault') {
      if (toy.strike === 'ask') return read('common');
      return toy.strike === 'tell' || toy.strike === 'steal' ? write('common') : LOCAL;
    }
    const op: Op = toy.programs[agent][view.pc(agent)];
    switch (op.op) {
      case 'peek':
      case 'poke':
        return { page: op.address >> 8, writes: op.op === 'poke' };
      case 'store':
      case 'lock':
      case 'unlock':
      case 'enlist':
        return write('common');
      case 'load':
      case 'fan':
      case 'echo':
      case 'count':
      case 'am-lowest':
        return read('common');
      case 'avoid':
        return view.acc(agent) === 0 ? LOCAL : read('common');
      case 'dismiss':
        return (op.whom === 'favourite' ? view.listed() & ~(1 << agent) : view.listed()) === 0
          ? read('common')
          : write('common');
      case 'stop-if':
        return view.cell(op.cell) === 0 ? read('common') : OUTSIDE;
      case 'vote':
        return write('votes');
      case 'poll':
      case 'peer':
        return read('votes');
      case 'spy':
        return op.agent === agent ? LOCAL : OUTSIDE;
      case 'kick':
        return op.agent === agent || op.agent >= toy.programs.length ? LOCAL : OUTSIDE;
      case 'stop':
        return OUTSIDE;
      case 'reset':
        return { outside: true, ...write('common', 'votes') };
      default:
        return LOCAL;
    }
  };
}

/** Whether others could notice such a step of an agent, as far as that depends on what all steps touch that can be taken. */
export function visibleAmong(steps: readonly { readonly agent: number; readonly touch: Touch }[]) {
  const written = new Set(steps.flatMap(({ touch }) => (touch.writes ? (touch.places ?? []) : [])));
  const pages = new Map<number, { agents: Set<number>; isWritten: boolean }>();
  for (const { agent, touch } of steps) {
    if (touch.page === undefined) continue;
    const page = pages.get(touch.page) ?? { agents: new Set<number>(), isWritten: false };
    pages.set(touch.page, page);
    page.agents.add(agent);
    page.isWritten ||= touch.writes === true;
  }
  return ({ outside, places = [], page }: Touch): boolean => {
    const all = page === undefined ? undefined : pages.get(page);
    const isShared = all?.isWritten === true && all.agents.size > 1;
    return outside === true || places.some((place) => written.has(place)) || isShared;
  };
}
