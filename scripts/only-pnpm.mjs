/** Stops `npm install` and `yarn` with a sentence instead of half a workspace. Runs as the `preinstall` script. */
const agent = process.env.npm_config_user_agent ?? '';
if (!agent.startsWith('pnpm/')) {
  console.error(
    [
      'This workspace is installed with pnpm, which you need not have: run `npm test` or `npm run demo`,',
      'and it sets itself up. To install only: `node scripts/pnpm.mjs install`.',
    ].join('\n'),
  );
  process.exit(1);
}
