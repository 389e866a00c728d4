import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const packages = fileURLToPath(new URL('packages', import.meta.url));

/** Neighbours resolve to their sources, so tests never need a build. */
export const alias = [{ find: /^@checkstop\/([^/]+)$/, replacement: `${packages}/$1/src/index.ts` }];

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['{packages,apps}/*/{src,test}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/*.oracle.test.ts'],
  },
});
