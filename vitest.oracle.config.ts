import { defineConfig } from 'vitest/config';
import { alias } from './vitest.config.ts';

/** Tests that ask an oracle outside the repository (GNU binutils, QEMU, SPIN, dtc); `npm test` does without them. */
export default defineConfig({
  resolve: { alias },
  test: {
    include: ['{packages,apps}/*/{src,test}/**/*.oracle.test.ts'],
    testTimeout: 120_000,
  },
});
