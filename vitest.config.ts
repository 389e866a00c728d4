import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const packages = fileURLToPath(new URL('packages', import.meta.url));

/** Neighbours resolve to their sources, so tests never need a build. */
export const alias = [{ find: /^@checkstop\/([^/]+)$/, replacement: `${packages}/$1/src/index.ts` }];

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['{packages,apps}/*/{src,test}/**/*.test.ts'],
    // The build may be running beside the tests; a test that is slow of itself sets its own.
    testTimeout: 30_000,
    exclude: [...configDefaults.exclude, '**/*.oracle.test.ts'],
  },
});
