#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/bin.js', import.meta.url);

if (existsSync(program)) await import(program.href);
else {
  // A clone brings no dist: it is made by the first build.
  process.stderr.write("error CLI_NOT_BUILT: checkstop is not built yet: run 'npm run demo' in the clone first.\n");
  process.exitCode = 3;
}
