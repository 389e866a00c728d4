import { isDeepStrictEqual } from 'node:util';
import type { Plugin } from '@checkstop/kernel';

/** Those of a plugin's options that are not what they are when nobody gives any; all of them where something has to be given. */
export function unusualOptions({ options, schema }: Pick<Plugin, 'options' | 'schema'>): Record<string, unknown> {
  const usual = schema?.['~standard'].validate({});
  const defaults = usual && 'value' in usual && !usual.issues ? (usual.value as Record<string, unknown>) : {};
  return Object.fromEntries(
    Object.entries(options as Record<string, unknown>).filter(
      ([key, value]) => !isDeepStrictEqual(value, defaults[key]),
    ),
  );
}
