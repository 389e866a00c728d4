/** What the command's exit code says. */
export const EXIT = {
  /** Every verdict holds; or, where there is no verdict to give, the command did what it was asked. */
  holds: 0,
  /** Some property is violated, or holds only because nothing ever put it to the test. */
  violated: 1,
  /** Stopped before the search was complete. */
  incomplete: 2,
  /** The input was bad: options, source text, a configuration, a token, a plugin that throws. */
  badInput: 3,
  /** The command itself is broken. */
  defect: 4,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
