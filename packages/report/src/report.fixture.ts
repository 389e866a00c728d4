import { explore, type Run, timeline } from '@checkstop/explorer';
import { agentId, createMachine, definePlugin, type Machine, u32, u64 } from '@checkstop/kernel';
import type { Report, ReportCell } from './report.ts';

declare module '@checkstop/kernel' {
  interface Events {
    /** A toy took a lock. */
    took: { readonly agent: number; readonly lock: string };
  }
}

const hostile = (unwritable: readonly string[]): string =>
  `</td></script><script>alert(1)</script> <![CDATA[ ]]> -->"'&amp; \\ ${unwritable.join()} \u2028 💥\n\t\${x}`;

/** Text that would break out of anything that does not escape it. */
export const HOSTILE = hostile(['\u0000', '\u0001', '\u001b', '\ud800', '\ufffe']);

/** The same as XML can carry it. */
export const CARRIED = hostile(Array(5).fill('\ufffd'));

interface Toy {
  /** The locks that each agent takes, in this order, before it gives all back. */
  readonly orders: readonly string[][];
  readonly agentName?: (index: number) => string;
  /** Taking this lock violates an event property. */
  readonly forbidden?: string;
  /** What must be possible. */
  readonly goals?: readonly string[];
  readonly say?: string;
}

/** A machine whose agents take locks by instructions at 0x1000 and on, one granule of which they count in. */
function toyMachine({ orders, agentName, forbidden, goals = [], say = 'take' }: Toy): Machine {
  const names = [...new Set(orders.flat())];
  const plugin = definePlugin({
    name: 'toy',
    version: '1.0.0',
    contract: 1,
    agents: () => orders.length,
    setup(ctx) {
      const own = ctx.state('perAgent', 'toy', { pc: u32, r: u64.array(2) });
      const locks = ctx.state('shared', 'locks', { holder: agentId.array(names.length) });
      ctx.memory(512);
      const wanted = (agent: number): string | undefined => orders[agent]?.[own.at(agent).pc];
      const holderOf = (lock: string): number => locks.at().holder.get(names.indexOf(lock));
      const isDone = (agent: number): boolean => own.at(agent).pc > (orders[agent]?.length ?? 0);
      ctx.drive((index) => ({
        name: agentName?.(index) ?? `vcpu${index}`,
        enabled() {
          const lock = wanted(index);
          return !isDone(index) && (lock === undefined || holderOf(lock) === -1);
        },
        step() {
          const lock = wanted(index);
          const me = own.at(index);
          me.pc++;
          me.r.set(1, 0xfeedn);
          if (lock !== undefined) {
            locks.at().holder.set(names.indexOf(lock), index);
            ctx.bus.emit('took', { agent: index, lock });
          } else
            for (const [i] of names.entries()) if (locks.at().holder.get(i) === index) locks.at().holder.set(i, -1);
          return 1;
        },
      }));
      ctx.describe({
        agent(index) {
          const lock = wanted(index);
          if (isDone(index)) return 'ceded';
          if (lock === undefined) return `hypervisor: give ${say}`;
          return `0x${(0x1000 + 4 * own.at(index).pc).toString(16)} ${say} ${lock}`;
        },
        lanes: names.map((name) => ({
          name,
          value: () => (holderOf(name) === -1 ? '-' : (agentName?.(holderOf(name)) ?? `vcpu${holderOf(name)}`)),
        })),
      });
      ctx.property({
        kind: 'bottom',
        name: 'noDeadlock',
        description: 'Nobody waits for ever.',
        check: () => (orders.every((_, index) => isDone(index)) ? undefined : `${say}: somebody waits for ever`),
      });
      ctx.property({
        kind: 'event',
        name: 'allowed',
        on: ['took'],
        check: (payload) => ((payload as { lock: string }).lock === forbidden ? `${forbidden} was taken` : undefined),
      });
      ctx.property({
        kind: 'goal',
        name: 'taken',
        on: ['took'],
        reach: (payload) => (payload as { lock: string }).lock,
        goals: () => goals,
      });
    },
  });
  return createMachine({ plugins: [plugin()] });
}

interface Cell extends Toy {
  readonly row: string;
  readonly column: string;
  readonly states?: number;
}

/** A cell that was really searched. */
function searched({ row, column, states, ...toy }: Cell): ReportCell {
  const machine = toyMachine(toy);
  const result = explore(machine, { limits: states === undefined ? {} : { states } }).run();
  return {
    row,
    column,
    result,
    effort: `${result.states} states, ${result.transitions} transitions`,
    seconds: 0.25,
    bounds: ['two agents', toy.say ?? 'no faults'],
    properties: machine.properties,
    symbols: new Map([
      ['start', 0x1000],
      ['second', 0x1004],
    ]),
    tell: (run: Run) => timeline(machine, run.schedule, { changes: true }),
  };
}

const ordered = [
  ['A', 'B'],
  ['A', 'B'],
];
const crossed = [
  ['A', 'B'],
  ['B', 'A'],
];

/** One cell of each verdict; two violations in one. Made afresh at every call. */
export const report = (): Report => ({
  tool: { name: 'checkstop', version: '1.2.3' },
  cells: [
    searched({ row: 'ordered', column: 'small', orders: ordered, goals: ['A'] }),
    searched({ row: 'ordered', column: 'vacuous', orders: ordered, goals: ['A', 'C'] }),
    searched({ row: 'crossed', column: 'small', orders: crossed, forbidden: 'B' }),
    searched({ row: 'crossed', column: 'incomplete', orders: ordered, states: 1 }),
  ],
});

/** One cell in which every text is hostile. */
export const hostileReport = (): Report => ({
  tool: { name: HOSTILE, version: HOSTILE },
  cells: [
    searched({
      row: HOSTILE,
      column: HOSTILE,
      orders: [
        [HOSTILE, 'B'],
        ['B', HOSTILE],
      ],
      agentName: (index) => `${HOSTILE}${index}`,
      forbidden: HOSTILE,
      say: HOSTILE,
    }),
  ],
});
