import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import * as v from 'valibot';
import { version } from '../package.json';
import { deliverArchitected } from './parts/architected.ts';
import { effective } from './parts/effective.ts';
import { exitOptions, fallbackHasEffect, notifyByExit } from './parts/exit.ts';
import { hcallOptions, notifyByHcall } from './parts/hcall.ts';
import { illegalOptions, notifyByIllegalInstruction } from './parts/illegal.ts';
import { WAITING, WAITING_INSIDE, WHAT_WAITING } from './parts/waiting.ts';

/** Nothing is lost where nothing of the guest runs, so there is nothing to choose. */
const noScratch = (why: string) =>
  v.optional(v.literal('none', `${why}, so there is no scratch register to choose; leave it out`), 'none');

/** One way to notify. */
const notification = <const N extends string>(name: N) =>
  v.pipe(
    v.literal(name),
    v.description(
      'How the hypervisor learns of the check, and the OS of the log: a vector at 0x200 that makes a hypercall, or that is a special illegal instruction (Paul Mackerras in the seed mail), a plain exit that sets the routine up from outside (QEMU since 5.0), or not at all: the architected interrupt, without a log.',
    ),
  );

/** For each notification the options that make sense with it. */
const deliveryOptions = v.variant('notification', [
  v.strictObject({
    notification: notification('hcall'),
    waiting: v.pipe(v.picklist(WAITING), v.description(WHAT_WAITING)),
    ...hcallOptions.entries,
  }),
  v.strictObject({
    notification: notification('illegal-instruction'),
    waiting: v.pipe(v.picklist(WAITING), v.description(WHAT_WAITING)),
    scratch: noScratch('the illegal instruction reports with every register as it was'),
    ...illegalOptions.entries,
  }),
  v.pipe(
    v.strictObject({
      notification: notification('exit'),
      waiting: v.pipe(
        v.picklist(
          WAITING_INSIDE,
          'nothing of the guest runs at a plain exit, so it cannot try again; say hold, poll or condition',
        ),
        v.description(WHAT_WAITING),
      ),
      scratch: noScratch('nothing of the guest runs at a plain exit'),
      ...exitOptions.entries,
    }),
    fallbackHasEffect(),
    effective({
      option: 'woken',
      initial: 'asks-again',
      met: ({ waiting }) => waiting === 'condition',
      text: 'nobody is woken; say waiting=condition',
    }),
  ),
  v.strictObject({ notification: notification('architected') }),
]);

/**
 * Any delivery there is, put together from the axes that the designers argued over: how the hypervisor learns of the check, how
 * a report waits for the interlock, which register is lost, what is sampled when. The other strategies here are points of this
 * space with a name. The axes that are not a strategy's are options of `fwnmi` (`holderCheck`, `byNonHolder`, `handOff`, `wake`)
 * and of the hypervisor (QEMU's `bql`, `entryMe`).
 *
 * Making one throws CheckstopError PLUGIN_BAD_OPTION for a combination that makes no sense, and says why.
 */
export const delivery = definePlugin({
  name: 'delivery',
  version,
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['processor', 'hypervisor', 'fwnmi'],
  options: deliveryOptions,
  setup(ctx, options) {
    switch (options.notification) {
      case 'hcall':
        return notifyByHcall(ctx, 'delivery', options);
      case 'illegal-instruction':
        return notifyByIllegalInstruction(ctx, 'delivery', options);
      case 'exit':
        return notifyByExit(ctx, 'delivery', options);
      case 'architected':
        return deliverArchitected(ctx);
    }
  },
});
