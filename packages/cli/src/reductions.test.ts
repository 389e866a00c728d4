import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkstop, temporaryFolder } from './testing.fixture.ts';

const searchIn = (out: string): string | undefined => /^search {5}(.*)$/m.exec(out)?.[1];

it.each([
  [[], 'closure, merging, symmetry'],
  [['--merging-only'], 'closure, merging'],
  [['--closure-only'], 'closure'],
  [['--unreduced'], 'none'],
  // There is nobody to exchange it with.
  [['--vcpus', '1'], 'closure, merging'],
])('a search with %j says before it begins how it searches', async (argv, reductions) => {
  const { out } = await checkstop(['explore', 'direct-exit', 'guest-linux', '--max-states', '50', ...argv]);
  expect(searchIn(out)).toBe(`states visited exactly; reductions ${reductions}`);
  expect(out).not.toContain(', without ');
});

it('a search that goes on says the same again', async () => {
  const cwd = temporaryFolder();
  const cut = ['direct-exit', 'guest-linux', '--closure-only', '--max-states', '50', '--save', 'search.bin'];
  await checkstop(['explore', ...cut], { cwd });
  const { out } = await checkstop(['explore', '--resume', 'search.bin', '--max-states', '60'], { cwd });
  expect(searchIn(out)).toContain('reductions closure');
  expect(searchIn(out)).not.toContain('merging');
});

it('a cell says what it did without, and no other cell does', async () => {
  const cwd = temporaryFolder();
  const minding = `export default { plugins: () => [{
    name: 'minding', version: '1.0.0', contract: 1, provides: [], requires: ['fwnmi'], optional: [], options: {},
    setup(ctx) {
      const { interlock } = ctx.use('fwnmi');
      ctx.property({ kind: 'bottom', name: 'minds', check: () => (interlock.holder === 0 ? 'vCPU 0 keeps it' : undefined) });
    },
  }] };`;
  writeFileSync(join(cwd, 'checkstop.config.ts'), minding);
  const argv = ['--strategies', 'hcall-hold direct-exit', '--guests', 'guest-linux'];
  const { out } = await checkstop(['matrix', ...argv, '--json', 'v.json', '--junit', 'cells.xml'], { cwd });
  expect(out).toMatch(/^hcall-hold x guest-linux .*\d transitions, without symmetry, [\d.]+ s$/m);
  expect(out.match(/, without /g)).toHaveLength(1);
  expect(searchIn(out)).toContain('reductions closure, merging, symmetry');
  const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
  expect(JSON.parse(read('v.json')).cells.map(({ reductions }: { reductions: string[] }) => reductions)).toEqual([
    ['closure', 'merging'],
    ['closure', 'merging', 'symmetry'],
  ]);
  expect(read('cells.xml').match(/, without symmetry/g)).toHaveLength(1);
});
