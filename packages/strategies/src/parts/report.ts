import type { Outcome, StepContext, StepMachine, StruckCheck } from '@checkstop/hypervisor';
import type { Fields, PluginContext } from '@checkstop/kernel';
import { MSR } from '@checkstop/ppc-core';
import type { ReportForm } from '@checkstop/rtas-fwnmi';
import * as v from 'valibot';

/** What a step of a report gets. */
export type ReportContext = StepContext<Fields, 'claim' | 'take' | 'report'>;

/** How a strategy reports a check, in the hypervisor's steps. */
export interface Report {
  readonly name: string;
  /** Asked first: how to leave at once, when there is nothing to report. */
  refuse?(c: ReportContext): Outcome | undefined;
  /** What to do while another vCPU holds the interlock: the heart of a strategy. */
  whileHeld(c: ReportContext): Outcome;
  /** What r3 held when the check struck. */
  savedR3(c: ReportContext): bigint;
  /** Asked in the step that writes the log and hands over, once the interlock is taken: how to leave all the same. */
  recheck?(c: ReportContext): Outcome | undefined;
  /** Called with the check before the log is written, after which it is no longer pending. */
  prepare?(c: ReportContext, check: StruckCheck): void;
  /** How buffer and log are written where that is not PAPR's way. */
  form?(c: ReportContext): ReportForm;
  /** The log is written: back to the guest with it. */
  handOver(c: ReportContext): Outcome;
  /** `none` is a mutant: nobody takes the interlock, so nothing keeps a second report off the log. */
  readonly interlock: 'taken' | 'none';
}

/** The option of strategies that report: {@link Report.interlock}. */
export const interlockOption = v.optional(
  v.pipe(
    v.picklist(['taken', 'none']),
    v.description(
      'Whether a report takes the interlock. Without it two vCPUs share one buffer (LoPAR, FWNMI: whoever faults meanwhile waits in firmware).',
    ),
  ),
  'taken',
);

/** The machine of a report: claim the interlock, then write the log and hand over. */
export function defineReport(ctx: PluginContext, parts: Report): StepMachine {
  const { checks, steps } = ctx.use('hypervisor');
  const { interlock, report } = ctx.use('fwnmi');
  const take = (c: ReportContext): Outcome => {
    const check = checks.pending(c.agent);
    if (parts.interlock === 'none' || interlock.tryTake(c.agent)) return c.goto('report');
    const dropped = check && !checks.pending(c.agent);
    return dropped ? goOn(c, check, parts.savedR3(c)) : parts.whileHeld(c);
  };
  return steps({
    name: parts.name,
    clobbers: 'nothing', // the vector counts on every register
    steps: {
      claim: (c) => parts.refuse?.(c) ?? take(c),
      take, // where a waiter goes on that asks nothing any more
      report(c) {
        const refused = parts.recheck?.(c);
        if (refused) {
          interlock.release(c.agent);
          return refused;
        }
        const check = checks.pending(c.agent);
        // Nothing is pending only when a mutant let a forged report through: then there is nothing to log.
        if (check) {
          parts.prepare?.(c, check);
          report(c.agent, parts.savedR3(c), parts.form?.(c));
        }
        return parts.handOver(c);
      },
    },
  });
}

/** Back to the interrupted code, without the check: all that the hypervisor can bring back is NIP, MSR and r3. */
function goOn(c: ReportContext, { srr0, srr1 }: StruckCheck, r3: bigint): Outcome {
  c.vcpu.setReg('msr', srr1 & ~MSR.SRR1_CAUSE);
  c.vcpu.setGpr(3, r3);
  return c.resume(srr0);
}
