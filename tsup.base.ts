import { defineConfig } from 'tsup';

/** How every package is built: ESM for Node 20 with rolled-up declarations, neighbours seen as they are published. */
export const packageBuild = (...entry: string[]) =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'node20',
    tsconfig: '../../tsconfig.base.json',
    dts: {
      compilerOptions: { typeRoots: ['../../node_modules/@types', '../../types'], types: ['node', 'webassembly'] },
    },
    sourcemap: true,
    clean: true,
  });

/** Apps are run, not imported: no declarations. */
export const appBuild = () =>
  defineConfig({
    entry: ['src/main.ts'],
    format: 'esm',
    target: 'node20',
    tsconfig: '../../tsconfig.base.json',
    sourcemap: true,
    clean: true,
  });
