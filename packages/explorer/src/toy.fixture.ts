import {
  type Agent,
  agentId,
  agentSet,
  byAgent,
  CheckstopError,
  createMachine,
  definePlugin,
  type Machine,
  type Property,
  u32,
} from '@checkstop/kernel';

declare module '@checkstop/kernel' {
  interface Events {
    /** A toy agent said something. */
    said: { readonly agent: number; readonly word: number };
  }
  interface Capabilities {
    toy: View;
  }
}

/**
 * One instruction of a toy agent, which has a program counter, an accumulator and a scratch cell of its own, and shares
 * cells and one lock with the others.
 */
export type Op =
  | { op: 'set'; value: number }
  | { op: 'add'; value: number }
  | { op: 'stash' }
  | { op: 'fetch' }
  | { op: 'load'; cell: number }
  | { op: 'store'; cell: number }
  | { op: 'lock' }
  | { op: 'unlock' }
  | { op: 'jump'; to: number }
  | { op: 'jump-if-zero'; to: number }
  | { op: 'choose'; count: number }
  | { op: 'say' }
  | { op: 'stop' }
  /** Stops the machine if a cell is not zero. */
  | { op: 'stop-if'; cell: number }
  /** Reads RAM at an address, or writes the accumulator there. */
  | { op: 'peek'; address: number }
  | { op: 'poke'; address: number }
  /** Reads another agent's accumulator. */
  | { op: 'spy'; agent: number }
  /** Goes back to where a fault struck. */
  | { op: 'resume' }
  /** Asks a choice whose answers mean something else, or are more (and tell how they differ from a cell), with another scratch cell. */
  | { op: 'twist'; count: number }
  | { op: 'fan'; cell: number }
  /** Clears what is set in the scratch cell. */
  | { op: 'mask' }
  /** Says how a cell differs from the accumulator. */
  | { op: 'echo'; cell: number }
  /** Throws if a cell holds the accumulator, or if that is something at all; zero is nothing. */
  | { op: 'avoid'; cell: number }
  | { op: 'refuse' }
  /**
   * Puts itself on a list that all share, takes off it one that a choice picks, or the one with the lowest number, or of the others
   * agent 1, if that is there, and else the lowest.
   */
  | { op: 'enlist' }
  | { op: 'dismiss'; whom: 'any' | 'lowest' | 'favourite' }
  /** How many others are on the list, or whether it is itself the lowest there: what depends on numbers, and what does not. */
  | { op: 'count' }
  | { op: 'am-lowest' }
  /** Puts the accumulator down under its own name, adds up what the others put down, or reads what agent 0 did. */
  | { op: 'vote' }
  | { op: 'poll' }
  | { op: 'peer' }
  /** Sends another agent to a place in its program, though it may have ended. */
  | { op: 'kick'; agent: number; to: number }
  /** All is as it was in the beginning, but for RAM and how often faults struck. */
  | { op: 'reset' }
  /** Asks a second choice if the first is answered with 1. */
  | { op: 'pair' };

export interface Toy {
  /** One program for each agent. */
  readonly programs: readonly (readonly Op[])[];
  /** Where a fault sends an agent, and how many may strike each. */
  readonly handler?: number;
  readonly faults?: number;
  /** Faults do not count: any number may strike. */
  readonly endless?: boolean;
  /** What a fault does beside that: it writes a cell, can strike only while a cell is 0, asks where to send the agent, or frees the lock. */
  readonly strike?: 'tell' | 'ask' | 'draw' | 'steal' | undefined;
  /** What a fault says. */
  readonly outcry?: number | undefined;
  /** The last page of RAM is leased to who holds the lock. */
  readonly leases?: boolean;
  /** Something else may happen to an agent while its accumulator, or cell 1, is 1: then that becomes 0. */
  readonly nudge?: 'own' | 'shared' | undefined;
  readonly properties?: (view: View) => readonly Property[];
}

/** State of the toy, for properties. */
export interface View {
  pc(agent: number): number;
  acc(agent: number): number;
  cell(index: number): number;
  waits(agent: number): boolean;
  /** Agents on the list, a mask. */
  listed(): number;
  /** Whether a word is what an agent said last; remembers it, in ghost state. */
  repeats(agent: number, word: number): boolean;
}

const CELLS = 4;

/** Bytes of RAM, three pages; the last may be leased. */
const RAM = 768;
const LEASED = { start: 512, end: RAM };

/** A machine of toy agents. */
export function toyMachine(toy: Toy): Machine {
  const plugin = definePlugin({
    name: 'toy',
    version: '1.0.0',
    contract: 1,
    provides: ['toy'],
    agents: () => toy.programs.length,
    setup(ctx) {
      const own = ctx.state('perAgent', 'toy.agent', { pc: u32, acc: u32, scratch: u32, saved: u32, struck: u32 });
      const shared = ctx.state('shared', 'toy.shared', {
        cells: u32.array(CELLS),
        holder: agentId,
        listed: agentSet,
      });
      const votes = ctx.state('shared', 'toy.votes', { of: byAgent(u32, toy.programs.length) });
      const ghost = ctx.state('perAgent', 'toy.ghost', { said: u32 }, { kind: 'ghost' });
      ctx.memory(RAM);
      ctx.stops('toy-stop');
      const view: View = {
        pc: (agent) => own.at(agent).pc,
        acc: (agent) => own.at(agent).acc,
        cell: (index) => shared.at().cells.get(index),
        waits: (agent) => opOf(agent)?.op === 'lock' && shared.at().holder !== -1,
        listed: () => shared.at().listed,
        repeats(agent, word) {
          const before = ghost.at(agent).said;
          ghost.at(agent).said = word + 1;
          return before === word + 1;
        },
      };
      ctx.provide('toy', view);
      let handOver = (): void => {};
      ctx.onReady(() => {
        if (!toy.leases) return;
        const lease = ctx.arena.lease({ ...LEASED, holder: () => shared.at().holder });
        handOver = () => lease.changeHands();
      });
      const opOf = (agent: number): Op | undefined => toy.programs[agent][own.at(agent).pc];
      ctx.drive((index): Agent => {
        return {
          name: `toy${index}`,
          enabled() {
            const op = opOf(index);
            return op !== undefined && !(op.op === 'lock' && shared.at().holder !== -1);
          },
          step() {
            const me = own.at(index);
            const op = opOf(index) as Op;
            me.pc++;
            switch (op.op) {
              case 'set':
                me.acc = op.value;
                break;
              case 'add':
                me.acc = (me.acc + op.value) & 7;
                break;
              case 'stash':
                me.scratch = me.acc;
                break;
              case 'fetch':
                me.acc = me.scratch;
                break;
              case 'load':
                me.acc = shared.at().cells.get(op.cell);
                break;
              case 'store':
                shared.at().cells.set(op.cell, me.acc);
                break;
              case 'lock':
                shared.at().holder = index;
                handOver();
                break;
              case 'unlock':
                shared.at().holder = -1;
                handOver();
                break;
              case 'jump':
                me.pc = op.to;
                break;
              case 'jump-if-zero':
                if (me.acc === 0) me.pc = op.to;
                break;
              case 'choose':
                me.acc = ctx.machine.choose('toy', op.count);
                break;
              case 'say':
                ctx.bus.emit('said', { agent: index, word: me.acc });
                break;
              case 'stop':
                ctx.machine.stop('toy-stop', index);
                break;
              case 'stop-if':
                if (shared.at().cells.get(op.cell) !== 0) ctx.machine.stop('toy-stop', index);
                break;
              case 'peek':
                me.acc = ctx.ram.readU32(op.address, 'big');
                break;
              case 'poke':
                ctx.ram.writeU32(op.address, me.acc, 'big');
                break;
              case 'spy':
                me.acc = own.at(op.agent).acc;
                break;
              case 'resume':
                me.pc = me.saved;
                break;
              case 'twist':
                me.acc = (ctx.machine.choose('toy', op.count) + me.scratch) % op.count;
                break;
              case 'fan':
                me.acc = ctx.machine.choose('toy', 1 + (me.scratch & 1)) ^ shared.at().cells.get(op.cell);
                break;
              case 'echo':
                ctx.bus.emit('said', { agent: index, word: shared.at().cells.get(op.cell) ^ me.acc });
                break;
              case 'avoid':
                if (me.acc !== 0 && shared.at().cells.get(op.cell) === me.acc)
                  throw new CheckstopError('TOY_UNEXPECTED', 'unexpected');
                break;
              case 'mask':
                me.acc &= ~me.scratch;
                break;
              case 'enlist':
                shared.at().listed |= 1 << index;
                break;
              case 'dismiss': {
                const { listed } = shared.at();
                const list = toy.programs.flatMap((_, agent) => ((listed >> agent) & 1 ? [agent] : []));
                const others = list.filter((agent) => agent !== index);
                if (op.whom === 'favourite' && others.length > 0)
                  shared.at().listed &= ~(1 << (others.includes(1) ? 1 : others[0]));
                else if (op.whom === 'lowest' && list.length > 0) shared.at().listed &= ~(1 << list[0]);
                else if (op.whom === 'any' && list.length > 0)
                  shared.at().listed &= ~(1 << list[ctx.machine.choose('toy', list.length)]);
                break;
              }
              case 'count':
                me.acc = toy.programs.filter((_, agent) => ((shared.at().listed & ~(1 << index)) >> agent) & 1).length;
                break;
              case 'am-lowest':
                me.acc = (shared.at().listed & ((2 << index) - 1)) === 1 << index ? 1 : 0;
                break;
              case 'vote':
                votes.at().of.set(index, me.acc);
                break;
              case 'poll':
                me.acc = toy.programs.reduce((sum, _, a) => sum + (a === index ? 0 : votes.at().of.get(a)), 0) & 7;
                break;
              case 'peer':
                me.acc = votes.at().of.get(0);
                break;
              case 'kick':
                if (op.agent < toy.programs.length) own.at(op.agent).pc = op.to;
                break;
              case 'reset':
                for (const agent of toy.programs.keys()) {
                  const its = own.at(agent);
                  its.pc = its.acc = its.scratch = its.saved = 0;
                  votes.at().of.set(agent, 0);
                }
                for (let cell = 0; cell < CELLS; cell++) shared.at().cells.set(cell, 0);
                shared.at().listed = 0;
                shared.at().holder = -1;
                handOver();
                break;
              case 'pair':
                me.acc = ctx.machine.choose('first', 2);
                if (me.acc === 1) me.acc += ctx.machine.choose('second', 2 + (me.scratch & 1));
                break;
              case 'refuse':
                if (me.acc !== 0) throw new CheckstopError('TOY_UNEXPECTED', 'unexpected');
                break;
            }
            return 1;
          },
        };
      });
      ctx.offer({
        action: 'fault',
        cost: 'fault',
        available: (agent) =>
          own.at(agent).struck < (toy.faults ?? 0) &&
          opOf(agent) !== undefined &&
          (toy.strike !== 'ask' || shared.at().cells.get(0) === 0),
        perform(agent) {
          const me = own.at(agent);
          if (!toy.endless) me.struck++;
          me.saved = me.pc;
          me.pc = toy.handler ?? 0;
          if (toy.strike === 'draw') me.pc += ctx.machine.choose('strike', 2);
          if (toy.strike === 'tell') shared.at().cells.set(1, me.acc);
          if (toy.strike === 'steal') {
            shared.at().holder = -1;
            handOver();
          }
          if (toy.outcry !== undefined) ctx.bus.emit('said', { agent, word: toy.outcry });
        },
      });
      if (toy.nudge)
        ctx.offer({
          action: 'nudge',
          cost: 'none',
          available: (agent) => (toy.nudge === 'own' ? own.at(agent).acc : shared.at().cells.get(1)) === 1,
          perform(agent) {
            if (toy.nudge === 'own') own.at(agent).acc = 0;
            else shared.at().cells.set(1, 0);
          },
        });
      ctx.describe({
        agent: (agent) => JSON.stringify(opOf(agent) ?? 'ended'),
        lanes: [{ name: 'lock', value: () => (shared.at().holder < 0 ? '' : `toy${shared.at().holder}`) }],
      });
      for (const property of toy.properties?.(view) ?? []) ctx.property(property);
    },
  });
  return createMachine({ plugins: [plugin()], logBytes: 4096 });
}
