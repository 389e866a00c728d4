import type { PluginContext } from '@checkstop/kernel';
import { MSR, type Vcpu } from '@checkstop/ppc-core';
import type { Fwnmi, ReportForm } from '@checkstop/rtas-fwnmi';
import { type Alteration, defineMutant } from './mutant.ts';
import { otherwise, providing } from './provided.ts';

/** What a report is given, and the report as it is. */
interface Reporting {
  readonly ctx: PluginContext;
  readonly fwnmi: Fwnmi;
  readonly vcpu: Vcpu;
  readonly r3: bigint;
  /** Writes buffer and log, with another r3 if given. */
  write(r3?: bigint): void;
}

/** Every strategy calls `fwnmi.report` once for each check that it delivers: what goes wrong there goes wrong under all of them. */
const reporting =
  (mistake: (report: Reporting) => void): Alteration =>
  (plugin, acted) =>
    providing(plugin, 'fwnmi', (fwnmi, ctx) =>
      otherwise(fwnmi, {
        report(agent: number, r3: bigint, form?: ReportForm) {
          acted();
          const vcpu = ctx.use('processor').vcpus[agent] as Vcpu;
          mistake({ ctx, fwnmi, vcpu, r3, write: (other = r3) => fwnmi.report(agent, other, form) });
        },
      }),
    );

/** Turns the lowest bit of a register over as the log is written. */
const clobbers = (flip: (vcpu: Vcpu) => void): Alteration =>
  reporting(({ vcpu, write }) => {
    write();
    flip(vcpu);
  });

/** Bytes of the buffer that a log of any kind fills, the interrupted r3 before it. */
const LOG = { offset: 8, bytes: 0x40 } as const;

/** Mistakes in handing a check over, whatever the strategy. */
export const handingOver = [
  defineMutant({
    name: 'wrong-saved-r3',
    what: "the buffer's first doubleword is not what r3 held",
    seenBy: ['entryContract'],
    alter: { firmware: reporting(({ r3, write }) => write(r3 ^ 1n)) },
  }),
  defineMutant({
    name: 'unwritten-log',
    what: 'the error log is not written: the routine finds what the buffer held before',
    seenBy: ['entryContract'],
    alter: {
      firmware: reporting(({ ctx, fwnmi, write }) => {
        const before = ctx.ram.readBytes(fwnmi.buffer + LOG.offset, LOG.bytes);
        write();
        ctx.ram.writeBytes(fwnmi.buffer + LOG.offset, before);
      }),
    },
  }),
  defineMutant({
    name: 'clobbered-lr',
    what: 'delivery destroys LR',
    seenBy: ['entryContract'],
    alter: { firmware: clobbers((vcpu) => vcpu.setReg('lr', vcpu.reg('lr') ^ 1n)) },
  }),
  defineMutant({
    name: 'clobbered-r31',
    what: 'delivery destroys r31',
    seenBy: ['entryContract'],
    alter: { firmware: clobbers((vcpu) => vcpu.setGpr(31, vcpu.gpr(31) ^ 1n)) },
  }),
  defineMutant({
    name: 'clobbered-sprg3',
    what: 'delivery destroys SPRG3',
    seenBy: ['entryContract'],
    alter: { firmware: clobbers((vcpu) => vcpu.setReg('sprg3', vcpu.reg('sprg3') ^ 1n)) },
  }),
  defineMutant({
    name: 'entry-without-me',
    what: 'the routine is entered with MSR[ME]=0, so that the next check would be a checkstop',
    seenBy: ['entryContract'],
    alter: {
      firmware: (plugin, acted) =>
        providing(plugin, 'fwnmi', (fwnmi, ctx) =>
          otherwise(fwnmi, {
            enterRoutine(agent: number, routine?: number) {
              acted();
              fwnmi.enterRoutine(agent, routine);
              const vcpu = ctx.use('processor').vcpus[agent] as Vcpu;
              vcpu.setReg('msr', vcpu.reg('msr') & ~MSR.ME);
            },
          }),
        ),
    },
  }),
  defineMutant({
    name: 'delivered-twice',
    what: 'giving the interlock back enters the routine again, without a check',
    seenBy: ['delivered'],
    alter: {
      firmware: (plugin, acted) =>
        providing(plugin, 'fwnmi', (fwnmi, ctx) => {
          ctx.bus.on('interlockReleased', ({ agent }) => {
            acted();
            fwnmi.enterRoutine(agent);
          });
          return fwnmi;
        }),
    },
  }),
];
