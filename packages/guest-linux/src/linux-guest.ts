import { defineGuest, effective, guestOptions } from '@checkstop/guest-kit';
import * as v from 'valibot';
import { version } from '../package.json';
import { nextSource, source } from './text/source.ts';

/** Options of `linuxGuest`, all with defaults. */
const linuxGuestOptions = v.pipe(v.strictObject(guestOptions('little')), effective());

/**
 * A small guest with Linux's conventions: little-endian, r13 and SPRG1 the PACA, SPRG3 what getcpu reads, prologues that put
 * r13 into SPRG2. It registers for FWNMI, starts the other vCPUs, makes one pass of work with a system call in it, checks
 * itself for corruption, and idles in H_CEDE.
 *
 * `testRi: false` is a mutant: its handler resumes where SRR0 and SRR1 were lost. `rtasLock` is Linux before 2020, whose
 * handler took the RTAS lock. `reregister` registers another copy of the handler at work. `forge` executes the special word
 * of the illegal-instruction strategy by itself.
 */
export const linuxGuest = defineGuest({
  name: 'guest-linux',
  version,
  options: linuxGuestOptions,
  source,
  next: nextSource,
  sprgs: () => ({ persistent: ['sprg1', 'sprg3'], scratch: ['sprg2'] }),
});
