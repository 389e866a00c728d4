/** A stretch of guest memory: from `start` up to, not including, `end`. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** The four software-use SPRs every Power operating system keeps something in. */
export type Sprg = 'sprg0' | 'sprg1' | 'sprg2' | 'sprg3';

/** Most checks of one vCPU that can be under way at once and still be told apart: what is remembered of each has its own room. */
export const MAX_CHECK_LEVELS = 4;

/**
 * What a guest tells of itself, so that firmware can start it and properties can judge it from outside. Whoever loads a
 * guest provides it as capability `guest`, during set-up.
 */
export interface Guest {
  readonly name: string;
  /** Real address at which vCPU 0 starts, big-endian (PAPR), with its number in r3. */
  readonly entry: number;
  /** Byte order it runs in once it is ready. */
  readonly endian: 'big' | 'little';
  /** Its labels. */
  readonly symbols: ReadonlyMap<string, number>;
  /** Address of the instruction at which a vCPU counts as booted: registered, online, nothing of its work done. */
  readonly ready: number;
  /** The code of its one pass of work: the boundaries at which a check has to be survivable, wherever RI=1. */
  readonly work: AddressRange;
  /** Other code that a pass of work goes through, where a check need not be survivable. */
  readonly passes?: readonly AddressRange[];
  /** Code that runs in the other byte order. */
  readonly swapped?: readonly AddressRange[];
  /** Memory that belongs to one vCPU each: `stride` bytes for each vCPU, from `base`. */
  readonly regions: { readonly base: number; readonly stride: number };
  /**
   * How many checks of one vCPU can nest in its handler, the first included: what its save areas hold. Beyond them it does what
   * no property of delivery can judge.
   */
  readonly levels: number;
  /** What it keeps in the SPRGs. */
  readonly sprgs: {
    /** Set at boot and never again. */
    readonly persistent: readonly Sprg[];
    /** Dead wherever RI=1: their content there is nobody's. */
    readonly scratch: readonly Sprg[];
  };
}
