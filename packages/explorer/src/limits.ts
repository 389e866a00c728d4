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

/** Thrown inside a search, and caught there: a limit was met in the middle of an expansion, or of judging an end. */
export class LimitReached {}
