/**
 * The one error class of the project: whatever a user, a plugin or a guest image did wrong arrives as this.
 *
 * `code` is stable (`PLUGIN_BAD_OPTION`) and safe to match on; `message` says what was wrong, where, and what to do; `details` carries the same facts as data.
 */
export class CheckstopError extends Error {
  override readonly name = 'CheckstopError';

  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
