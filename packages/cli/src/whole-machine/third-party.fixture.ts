import type { Outcome, StepContext } from '@checkstop/hypervisor';
import { definePlugin, type Fields, PLUGIN_CONTRACT, type PluginContext, u32 } from '@checkstop/kernel';
import { MSR } from '@checkstop/ppc-core';
import type { Fwnmi } from '@checkstop/rtas-fwnmi';

type Step = (c: StepContext<Fields, 'claim' | 'report'>, fwnmi: Fwnmi) => Outcome;

/** The two steps that somebody's strategy consists of; what is left out is done right. */
interface Written {
  /** Gets the interlock. */
  readonly claim?: Step;
  /** Fills the buffer, and enters the routine. */
  readonly report?: Step;
}

/** A strategy as the guide teaches to write one: nothing but the parts of the hypervisor and the firmware. */
const written = (name: string, write: (ctx: PluginContext) => Written) =>
  definePlugin({
    name,
    version: '0.1.0',
    contract: PLUGIN_CONTRACT,
    provides: ['delivery'],
    requires: ['hypervisor', 'fwnmi'],
    setup(ctx) {
      const fwnmi = ctx.use('fwnmi');
      const { claim, report } = { ...right, ...write(ctx) };
      const deliver = ctx.use('hypervisor').steps({
        name: 'deliver',
        steps: { claim: (c) => claim(c, fwnmi), report: (c) => report(c, fwnmi) },
      });
      ctx.provide('delivery', { strike: () => (fwnmi.registration ? deliver : undefined) });
    },
  });

const right: Required<Written> = {
  claim: (c, { interlock }) => (interlock.tryTake(c.agent) ? c.goto('report') : c.wait(interlock.released, 'claim')),
  report(c, fwnmi) {
    fwnmi.report(c.agent, c.vcpu.gpr(3));
    fwnmi.enterRoutine(c.agent);
    return c.resume();
  },
};

/** Reports, then does one thing to the registers too many. */
const reportThen =
  (spoil: (vcpu: StepContext<Fields, 'claim'>['vcpu']) => void): Step =>
  (c, fwnmi) => {
    const outcome = right.report(c, fwnmi);
    spoil(c.vcpu);
    return outcome;
  };

/** Takes the interlock if it can; else does this. */
const claimElse =
  (otherwise: Step): Step =>
  (c, fwnmi) =>
    fwnmi.interlock.tryTake(c.agent) ? c.goto('report') : otherwise(c, fwnmi);

/** Without a mistake. */
export const sound = written('sound', () => ({}));

/** One mistake each, by the property that has to see it. */
export const MISTAKEN = {
  /** It uses CTR for itself. */
  entryContract: written('uses-ctr', () => ({ report: reportThen((vcpu) => vcpu.setReg('ctr', 0x5n)) })),
  /** It takes the struck instruction for one that was executed, as after a hypercall. */
  resumeContext: written('skips-one', () => ({
    report: reportThen((vcpu) => vcpu.setReg('srr0', vcpu.reg('srr0') + 4n)),
  })),
  /** It says of every check that the interrupted code can go on. */
  noFalseResume: written('always-recoverable', () => ({
    report: reportThen((vcpu) => vcpu.setReg('srr1', vcpu.reg('srr1') | MSR.RI)),
  })),
  /** It gives the machine up when two vCPUs fault together. */
  justifiedStop: written('gives-up', (ctx) => ({
    claim: claimElse((c) => {
      ctx.machine.stop('checkstop', c.agent);
      return c.stay();
    }),
  })),
  /** It lets the interrupted code go on, as if nothing had happened. */
  delivered: written('forgets', () => ({
    report(c, { interlock }) {
      interlock.release(c.agent);
      return c.resume();
    },
  })),
  /** It has no use for the interlock. */
  ownLog: written('no-interlock', () => ({ claim: (c) => c.goto('report') })),
  /** It tries again, and keeps the lock that the holder needs. */
  noDeadlock: written('insists', () => ({ claim: claimElse((c) => c.stay()) })),
  /** It lets go of the lock between two tries, for as long as it pleases whoever gets it next. */
  progress: written('polls', () => ({ claim: claimElse((c) => c.yieldLock('claim')) })),
  /** It asks for the routine's address once. */
  noStale: written('remembers', (ctx) => {
    const first = ctx.state('shared', 'remembers', { address: u32 });
    ctx.bus.on('registered', ({ machineCheck }) => {
      first.at().address ||= machineCheck;
    });
    return {
      report(c, fwnmi) {
        fwnmi.report(c.agent, c.vcpu.gpr(3));
        fwnmi.enterRoutine(c.agent, first.at().address);
        return c.resume();
      },
    };
  }),
} as const;
