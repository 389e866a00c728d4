import { CheckstopError } from './error.ts';
import type { Schema, SchemaResult } from './standard-schema.ts';

/**
 * Checks the options that somebody gives a plugin. Without a schema there are none to give.
 *
 * @throws CheckstopError PLUGIN_BAD_OPTION
 */
export function validateOptions<Input, Output>(
  plugin: string,
  schema: Schema<Input, Output> | undefined,
  input: unknown,
): Output {
  const bad = (text: string, details: Record<string, unknown> = {}, cause?: unknown): CheckstopError =>
    new CheckstopError('PLUGIN_BAD_OPTION', text, { plugin, ...details }, { cause });
  if (schema === undefined) {
    const given = keysOf(input);
    if (input === undefined || (typeof input === 'object' && given.length === 0)) return undefined as Output;
    throw bad(`'${plugin}' takes no options; it was given ${given.join(', ') || `a ${typeof input}`}.`, { given });
  }
  let result: SchemaResult<Output> | Promise<SchemaResult<Output>>;
  try {
    result = schema['~standard'].validate(input ?? {});
  } catch (cause) {
    throw bad(`The options of '${plugin}' can't be validated: ${String(cause)}.`, {}, cause);
  }
  if (result instanceof Promise) {
    // Whatever becomes of it, nobody waits.
    result.catch(() => {});
    throw bad(`The options of '${plugin}' are validated asynchronously; use a synchronous schema.`);
  }
  if (result.issues === undefined) return result.value;
  const known = knownKeys(schema);
  const issues = result.issues.map(({ path = [], message }) => {
    const keys = path.map((part) => String(typeof part === 'object' ? part.key : part));
    const unknown = known && keys.length === 1 && !known.includes(keys[0] as string);
    const there = known?.length === 0 ? 'none' : known?.join(', ');
    return { path: keys.join('.'), message: unknown ? `there is no such option; there are ${there}` : message };
  });
  throw bad(`Option of '${plugin}': ${issues.map((i) => `${i.path || '(options)'}: ${i.message}`).join('; ')}`, {
    issues,
  });
}

/**
 * The options that a schema knows. Standard Schema doesn't tell, but schemas of objects carry their fields: valibot calls them
 * `entries`, zod `shape`. Undefined when this one keeps them elsewhere; its own message has to do then.
 */
function knownKeys(schema: object): readonly string[] | undefined {
  const { entries, shape, wrapped } = schema as Readonly<Record<'entries' | 'shape' | 'wrapped', unknown>>;
  // valibot's `optional` and its like.
  if (typeof wrapped === 'object' && wrapped !== null) return knownKeys(wrapped);
  const fields = entries ?? shape;
  return typeof fields === 'object' && fields !== null ? Object.keys(fields) : undefined;
}

const keysOf = (input: unknown): string[] => (typeof input === 'object' && input !== null ? Object.keys(input) : []);
