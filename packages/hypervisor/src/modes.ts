/**
 * Where a vCPU is. `lock` and `condition` are waits inside the hypervisor; a `ceded` one idles in H_CEDE until something
 * wakes it; a `stopped` one was never started, or stopped itself.
 */
export const MODES = ['stopped', 'guest', 'hypervisor', 'lock', 'condition', 'ceded'] as const;
/** One of `MODES`. */
export type Mode = (typeof MODES)[number];
