import { type PluginContext, u32 } from '@checkstop/kernel';
import * as v from 'valibot';
import { effective } from './effective.ts';
import { declareGeneration, generationOption } from './generation.ts';
import { magicOptions, plantMagic } from './magic.ts';
import { defineReport } from './report.ts';
import { type WAITING_INSIDE, whileHeld } from './waiting.ts';

/** What becomes of a check without the magic value is nobody's question where there is none. */
export const fallbackHasEffect = <O extends { magic: string; fallback: string }>() =>
  effective<O>({
    option: 'fallback',
    initial: 'architected',
    met: ({ magic }) => magic !== 'none',
    text: 'nobody looks for a magic value; say magic=early or atomic',
  });

/** Options of the plain exit. */
export const exitOptions = v.pipe(
  v.strictObject({
    interlock: v.optional(
      v.pipe(
        v.picklist(['taken', 'none']),
        v.description(
          'Whether a delivery takes the interlock. Without it two vCPUs share one buffer (LoPAR, FWNMI: whoever faults meanwhile waits in firmware).',
        ),
      ),
      'taken',
    ),
    routine: v.optional(
      v.pipe(
        v.picklist(['delivery', 'injection']),
        v.description(
          "When the routine's address is read. At the injection is too early: another may be registered while the check waits.",
        ),
      ),
      'delivery',
    ),
    generation: generationOption,
    woken: v.optional(
      v.pipe(
        v.picklist(['asks-again', 'goes-on']),
        v.description(
          'Whether a check that waited for the interlock asks again, when it is woken, if there is still a registration (QEMU), or goes on: a reset of the machine may have ended it meanwhile.',
        ),
      ),
      'asks-again',
    ),
    ...magicOptions,
  }),
  fallbackHasEffect(),
);

/** Notification by a plain exit: the hypervisor sets the routine's context up from outside, and nothing is written to 0x200. */
export function notifyByExit(
  ctx: PluginContext,
  name: string,
  options: v.InferOutput<typeof exitOptions> & { readonly waiting: (typeof WAITING_INSIDE)[number] },
): void {
  const fwnmi = ctx.use('fwnmi');
  const { checks } = ctx.use('hypervisor');
  const lost = options.magic === 'none' ? undefined : plantMagic(ctx, options.fallback);
  const sampled =
    options.routine === 'injection' ? ctx.state('perAgent', `${name}.routine`, { address: u32 }) : undefined;
  const generation = declareGeneration(ctx, name, options.generation);
  const deliver = defineReport(ctx, {
    name: 'deliver machine check',
    interlock: options.interlock,
    refuse(c) {
      if (generation.stands(c.agent)) return options.magic === 'early' ? lost?.(c) : undefined;
      checks.architected(c.agent);
      generation.forget(c.agent);
      return c.resume();
    },
    ...(lost && options.magic === 'atomic' && { recheck: lost }),
    whileHeld: whileHeld(ctx, options.waiting, undefined, options.woken === 'goes-on' ? 'take' : 'claim'),
    savedR3: (c) => c.vcpu.gpr(3),
    handOver(c) {
      generation.forget(c.agent);
      fwnmi.enterRoutine(c.agent, sampled?.at(c.agent).address);
      sampled?.clear(c.agent);
      return c.resume();
    },
  });
  ctx.provide('delivery', {
    strike(agent) {
      const { registration } = fwnmi;
      if (registration) generation.struck(agent);
      if (registration && sampled) sampled.at(agent).address = registration.machineCheck;
      return registration ? deliver : undefined;
    },
  });
}
