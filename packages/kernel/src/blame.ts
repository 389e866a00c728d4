import { CheckstopError } from './error.ts';

/**
 * Calls what a plugin brought along, so that an error which does not say what to do at least says whose it is.
 *
 * @throws CheckstopError PLUGIN_THREW with the plugin's own error as `cause`; a CheckstopError is passed on as it is
 */
export function blaming<T>(plugin: string, what: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof CheckstopError) throw error;
    throw new CheckstopError(
      'PLUGIN_THREW',
      `Plugin '${plugin}' threw in ${what}: ${String(error)}. Mend it there, or leave the plugin out.`,
      { plugin, what },
      { cause: error },
    );
  }
}
