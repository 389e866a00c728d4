/** What a vCPU can wait for inside the hypervisor: its next step is possible when `ready`, and begins by `take`. */
export interface Waitable {
  readonly name: string;
  /** A function of state: could this vCPU go on now? */
  ready(agent: number): boolean;
  /** Stops waiting: what it waited for is this vCPU's now. */
  take(agent: number): void;
}
