/**
 * State of the machine that is neither in a vCPU's registers nor in RAM: what a reset of the machine forgets, and what a
 * migration takes along or leaves behind. Whoever declares such state adds it to `Hypervisor.sections`.
 */
export interface Section {
  readonly name: string;
  /** Whether a check is on its way to its handler, or in it, as long as there is something here. */
  readonly inFlight: boolean;
  /** Reads shared state only. */
  empty(): boolean;
  /** Makes it what it is at power-on, in a step of this vCPU; whoever uses it is not told. */
  clear(agent: number): void;
}
