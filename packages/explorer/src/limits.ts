/** Where a search gives up; its verdict is then `incomplete` unless a violation was found already. */
export interface Limits {
  /** States stored. Default 20 million. */
  readonly states?: number;
  /** Bytes held by the tables of the search. Default 1.5 GiB. */
  readonly bytes?: number;
  /** Steps really executed, look-ups not counted, before restarts as well. Default 5 million. */
  readonly executions?: number;
  /** Milliseconds by the caller's clock (`now`). Default: none. */
  readonly milliseconds?: number;
}

/** The limits that hold where the caller sets none. */
export const DEFAULT_LIMITS: Required<Limits> = {
  states: 20e6,
  bytes: 1.5 * 2 ** 30,
  executions: 5e6,
  milliseconds: Number.POSITIVE_INFINITY,
};

/** Thrown inside a search, and caught there: a limit was met in the middle of an expansion, or of judging an end. */
export class LimitReached {
  constructor(readonly limit: keyof Limits) {}
}
