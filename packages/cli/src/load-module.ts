import { createJiti } from 'jiti';

/** Imports a module, TypeScript or not, and answers with its default export (undefined without one). */
export async function loadModule(specifier: string, from: string = import.meta.url): Promise<unknown> {
  const module = await createJiti(from, { interopDefault: false }).import<{ default?: unknown }>(specifier);
  return module.default;
}
