/**
 * Thrown inside a search: something was touched against what was believed about its owner (see Arena.disown). What was
 * explored rested on that belief, so exploring starts again with a better one; owners only ever move up, so that ends.
 */
export class OwnershipChanged {
  constructor(
    /** As Arena.own takes it. */
    readonly conflict: number,
    readonly agent: number,
  ) {}
}
