import * as v from 'valibot';
import type { GuestBuild } from './build.ts';
import { guestOptions } from './options.ts';

/** Options that have no effect unless others say so. */
interface Need {
  readonly options: readonly (keyof GuestBuild)[];
  met(build: GuestBuild): boolean;
  readonly text: string;
}

const NEEDS: readonly Need[] = [
  {
    options: ['kexecVectors', 'stubs', 'stubsOver', 'reuse', 'deregister', 'reregisters'],
    met: ({ kexec }) => kexec !== 'none',
    text: 'no other kernel takes over; say kexec=orderly, crash or panic',
  },
  {
    options: ['parking'],
    met: ({ kexec }) => kexec === 'crash' || kexec === 'panic',
    text: 'only a crash stops the others by a system reset; say kexec=crash or panic',
  },
  {
    options: ['stubs', 'stubsOver'],
    met: ({ kexec, kexecVectors }) => kexec === 'none' || kexecVectors !== 'never',
    text: 'nobody writes what leads to the next kernel; say kexecVectors=before or after',
  },
  {
    options: ['systemReset'],
    met: ({ parking }) => parking === 'none',
    text: 'with parking the routine for system resets stops its vCPU; say parking=none',
  },
  {
    options: ['setsIle'],
    met: ({ endian }) => endian === 'little',
    text: 'interrupts are big-endian unless an OS says otherwise, so this one says nothing of them; say endian=little',
  },
];

const entries = guestOptions('big');

/**
 * For the schema of a guest's options, behind `guestOptions`: refuses what is not at its default and would have no effect, so that
 * no verdict speaks of it.
 */
export const effective = <B extends GuestBuild>() =>
  v.rawCheck<B>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const build: GuestBuild = dataset.value;
    for (const { options, met, text } of NEEDS) {
      if (met(build)) continue;
      for (const key of options) {
        const value = build[key];
        if (value === v.getDefault(entries[key])) continue;
        const message = `${value} has no effect: ${text}, or leave it out`;
        addIssue({ message, path: [{ type: 'object', origin: 'value', input: { ...build }, key, value }] });
      }
    }
  });
