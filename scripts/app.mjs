/**
 * Builds an app with what it stands on, then runs it in the folder the caller stood in, so that relative paths among its
 * arguments mean what the caller meant.
 *
 *   node scripts/app.mjs <demo | bench> [arguments]
 *
 * The build speaks on standard error: standard output and the exit code are the app's own. The app runs in this process,
 * so that Ctrl-C reaches it and nobody else.
 */
import { fileURLToPath } from 'node:url';
import { bootstrap, pnpm } from './pnpm.mjs';

const [app, ...args] = process.argv.slice(2);
bootstrap();
const built = pnpm(['exec', 'turbo', 'run', 'build', `--filter=@checkstop/${app}`], 2);
if (built !== 0) process.exit(built);

const main = new URL(`../apps/${app}/dist/main.js`, import.meta.url);
process.argv.splice(1, Number.POSITIVE_INFINITY, fileURLToPath(main), ...args);
process.chdir(process.env.INIT_CWD ?? '.');
await import(main.href);
