import { defineGuest, effective, guestOptions } from '@checkstop/guest-kit';
import type { Sprg } from '@checkstop/hypervisor';
import * as v from 'valibot';
import { version } from '../package.json';
import { nextSource, source } from './text/source.ts';

/** Options of `otherOs`, all with defaults. */
const otherOsOptions = v.pipe(
  v.strictObject({
    ...guestOptions('big'),
    sprg2: v.optional(
      v.pipe(
        v.picklist(['persistent', 'prologue', 'unused']),
        v.description(
          'What lives in SPRG2: a value set at boot for good, LR while a prologue has RI=0 (as in the BSDs), or nothing.',
        ),
      ),
      'persistent',
    ),
  }),
  effective(),
);

/**
 * A small guest that uses its SPRGs otherwise than Linux: big-endian, SPRG0 its per-CPU structure, SPRG1 the scratch of its
 * prologues, SPRG2 by option. It does what `linuxGuest` does: registers, starts the others, works, checks itself, idles.
 *
 * `sprg2: 'persistent'` is the operating system that the thread worried about and PAPR forbids under a hypervisor;
 * `'prologue'` is what the BSDs do, and legal. `testRi`, `reregister`, `rtasLock` and `forge` are as in `linuxGuest`.
 */
export const otherOs = defineGuest({
  name: 'guest-other-os',
  version,
  options: otherOsOptions,
  source,
  next: nextSource,
  sprgs({ sprg2 }) {
    const persistent: Sprg[] = sprg2 === 'persistent' ? ['sprg0', 'sprg2'] : ['sprg0'];
    const scratch: Sprg[] = sprg2 === 'persistent' ? ['sprg1'] : ['sprg1', 'sprg2'];
    return { persistent, scratch };
  },
});
