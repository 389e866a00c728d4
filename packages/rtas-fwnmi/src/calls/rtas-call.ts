import {
  H_PARAMETER,
  H_SUCCESS,
  type Hypervisor,
  type Outcome,
  type RtasBlock,
  rtasBlock,
  type StepContext,
  type StepMachine,
} from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { RtasStatus } from '../status.ts';

/** What a call is made of. */
interface RtasCall {
  readonly name: string;
  /** How many arguments and results its caller must give room for; not checked when left out. */
  readonly cells?: readonly [args: number, results: number];
  /** Does it; answers with the status, or with another way to end. Further results it writes itself. */
  run(c: StepContext<Record<never, never>, string>, block: RtasBlock): number | Outcome;
}

/** A call as a machine of one step: reads its arguments, does it, writes its status. */
export const rtasCall = (ctx: PluginContext, hypervisor: Hypervisor, { name, cells, run }: RtasCall): StepMachine =>
  hypervisor.steps({
    name,
    clobbers: 'rtas',
    steps: {
      call(c) {
        const block = rtasBlock(ctx.ram, c.vcpu.gpr(4));
        if (!block) return c.done(H_PARAMETER);
        const wrong = cells && (block.argumentCount !== cells[0] || block.resultCount !== cells[1]);
        const answer = wrong ? RtasStatus.PARAMETER_ERROR : run(c, block);
        if (typeof answer !== 'number') return answer;
        block.setResult(0, answer);
        return c.done(H_SUCCESS);
      },
    },
  });
