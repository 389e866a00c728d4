import type { Outcome } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import type { ReportContext } from './report.ts';

/** Ways to wait inside the hypervisor while another vCPU holds the interlock. */
export const WAITING_INSIDE = ['hold', 'poll', 'condition'] as const;

/** The same, and the guest's: it is sent back, and comes again. */
export const WAITING = [...WAITING_INSIDE, 'guest-retry'] as const;

/** What the option is about. */
export const WHAT_WAITING =
  'What a report does while another vCPU holds the interlock: it tries again and keeps the exit lock (hold), drops the lock between two tries (poll), waits on a condition that drops it (QEMU since 5.0), or goes back to the guest, which tries again (the series of 2014 and 2015).';

/** How a report waits for the interlock. */
export type Waiting = (typeof WAITING)[number];

/**
 * What a report does while another vCPU holds the interlock:
 *
 * - `hold`: it tries again and keeps every lock it has, the exit lock among them;
 * - `poll`: it drops the exit lock between two tries and queues for it again;
 * - `condition`: it waits for the interlock's release, which drops the exit lock for as long;
 * - `guest-retry`: it goes back to the guest, whose vector reports again.
 *
 * Who gets the interlock of several that wait is the firmware's `handOff`, whom its release wakes is its `wake`.
 *
 * @param retry how to go back to the guest so that it reports again
 * @param woken the step in which a report goes on that waited for the release
 */
export function whileHeld(
  ctx: PluginContext,
  waiting: Waiting,
  retry: (c: ReportContext) => Outcome = (c) => c.resume(),
  woken: 'claim' | 'take' = 'claim',
): (c: ReportContext) => Outcome {
  const { interlock } = ctx.use('fwnmi');
  const ways: Record<Waiting, (c: ReportContext) => Outcome> = {
    hold: (c) => c.stay(),
    poll: (c) => c.yieldLock('claim'),
    condition: (c) => c.wait(interlock.released, woken),
    'guest-retry': retry,
  };
  return ways[waiting];
}
