import { bool, type PluginContext, u32 } from '@checkstop/kernel';
import * as v from 'valibot';

/** The option of a strategy whose checks wait inside the hypervisor. */
export const generationOption = v.optional(
  v.pipe(
    v.picklist(['none', 'with-trap', 'later']),
    v.description(
      'Whether a check that waited asks if the registration is still the one under which it struck: not (QEMU asks only whether there is one), or by the number of the registration, which is read as the check strikes (with-trap) or a step later, when it has the exit lock. Where it is another, the check is left to 0x200.',
    ),
  ),
  'none',
);

/** Remembers for each vCPU under which registration its check is delivered. */
export interface Generation {
  /** The check strikes. */
  struck(agent: number): void;
  /** The check is about to be delivered, or to wait: whether there is still somebody to deliver it to. */
  stands(agent: number): boolean;
  /** The check is done with. */
  forget(agent: number): void;
}

/** Declares what is remembered. During set-up only: it is state. */
export function declareGeneration(
  ctx: PluginContext,
  name: string,
  kind: v.InferOutput<typeof generationOption>,
): Generation {
  const fwnmi = ctx.use('fwnmi');
  if (kind === 'none') return { struck() {}, stands: () => fwnmi.registration !== undefined, forget() {} };
  const state = ctx.state('perAgent', `${name}.generation`, { sampled: bool, generation: u32 });
  const sample = (agent: number) => Object.assign(state.at(agent), { sampled: true, generation: fwnmi.generation });
  return {
    struck(agent) {
      if (kind === 'with-trap') sample(agent);
      else state.clear(agent);
    },
    stands(agent) {
      if (!state.at(agent).sampled) sample(agent);
      return fwnmi.registration !== undefined && state.at(agent).generation === fwnmi.generation;
    },
    forget: (agent) => state.clear(agent),
  };
}
