import * as v from 'valibot';

const flag = (initial: boolean, what: string) => v.optional(v.pipe(v.boolean(), v.description(what)), initial);

/** Options of guests that say through which places their work leads, and what their handler does about them: entries of a valibot object. */
export const placeOptions = {
  task: v.optional(
    v.pipe(
      v.picklist(['none', '64-bit', '32-bit', 'swapped']),
      v.description(
        'Whether the work has a task in problem state, with a system call in it: as the kernel, in 32-bit mode (MSR[SF]=0), or in the other byte order. Where the work forges something, the task does.',
      ),
    ),
    'none',
  ),
  atomic: flag(false, 'Whether the work has an atomic increment, by a load and reserve and a store conditional.'),
  losesReservation: flag(
    true,
    "Whether the handler makes a store conditional before it returns, so that the interrupted code's reservation is lost; without it a store conditional succeeds that must fail.",
  ),
  rtasEntry: v.optional(
    v.pipe(
      v.picklist(['direct', 'ri-off', 'ri-on']),
      v.description(
        'How the work calls RTAS: by the hypercall at once, if at all; or as a kernel enters it, in 32-bit mode and big-endian, with MSR[RI]=0 (Linux before b6b1c3ce06ca) or 1.',
      ),
    ),
    'direct',
  ),
  hotplug: v.optional(
    v.pipe(
      v.picklist(['none', 'restart', 'early-ri']),
      v.description(
        'Whether all vCPUs but the first stop themselves as they come to their work, and are started afresh by the first; early-ri, a mistake: they come back with MSR[RI]=1 before they have set up what the handler needs.',
      ),
    ),
    'none',
  ),
  setsIle: v.optional(
    v.pipe(
      v.picklist(['before', 'after']),
      v.description(
        'Whether a little-endian guest says so of its interrupts (H_SET_MODE) before it registers its routines, or after.',
      ),
    ),
    'before',
  ),
  repairs: flag(
    false,
    'Whether the handler repairs what the log says was not recovered, by slbia: what caused a synchronous check, if it was the SLB or the ERAT.',
  ),
};

/** The same as texts find them. */
export type PlaceBuild = {
  readonly [K in keyof typeof placeOptions]: v.InferOutput<(typeof placeOptions)[K]>;
};
