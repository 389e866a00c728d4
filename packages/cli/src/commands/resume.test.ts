import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkstop, temporaryFolder } from '../testing.fixture.ts';

/** The JSON of a report, without what differs from run to run. */
const told = (cwd: string, file: string): string =>
  readFileSync(join(cwd, file), 'utf8').replace(/"seconds": [\d.e-]+/, '"seconds": 0');

/** Cells that are violated and that hold, with liveness, with a mistake, and in another mode. */
const CELLS = [
  ['hcall-busy', 'guest-other-os'],
  ['hcall-hold', 'guest-linux'],
  ['hcall-wait', 'guest-linux', '--vcpus', '3'],
  ['direct-exit', 'guest-linux', '--fairness', 'weak'],
  ['hcall-wait', 'guest-linux', '--closure-only'],
  ['hcall-busy', 'guest-linux:testRi=false', '--mutant', 'late-srr'],
];

describe('a search that is cut short', () => {
  it.each(CELLS.map((cell) => [cell]))('ends as if it had not been: %j', async (cell) => {
    const cwd = temporaryFolder();
    const options = ['--max-states', '300000'];
    const whole = await checkstop(['explore', ...cell, ...options, '--json', 'whole.json'], { cwd });
    const fairness = cell.includes('--fairness') ? cell.slice(-2) : [];
    const cuts = [['--max-states', '150'], ['--max-executions', '2500'], options];
    let last = whole;
    for (const [i, cut] of cuts.entries()) {
      const argv = i === 0 ? cell : ['--resume', 'search.bin', ...fairness];
      last = await checkstop(['explore', ...argv, ...cut, '--save', 'search.bin', '--json', 'cut.json'], { cwd });
      if (last.code !== 2 && !last.out.includes('incomplete')) continue;
      expect(last.out).toContain('It is kept: checkstop explore --resume search.bin\n');
    }
    expect(told(cwd, 'cut.json')).toBe(told(cwd, 'whole.json'));
    expect(last.code).toBe(whole.code);
  });

  it('is kept when it is interrupted', async () => {
    const cwd = temporaryFolder();
    let isSearching = false;
    const argv = ['explore', 'hcall-busy', 'guest-linux', '--vcpus', '4'];
    const cut = await checkstop([...argv, '--save', 'search.bin'], {
      cwd,
      live: true,
      err: (progress) => {
        isSearching ||= /\b[1-9][\d,]* states/.test(progress);
      },
      interrupted: () => isSearching,
    });
    expect(cut.out).toContain('The search was interrupted');
    expect(cut.out).toContain('It is kept: ');
    const resumed = await checkstop(['explore', '--resume', 'search.bin', '--json', 'v.json'], { cwd });
    expect(resumed.code).toBe(0);
    await checkstop([...argv, '--json', 'whole.json'], { cwd });
    expect(told(cwd, 'v.json')).toBe(told(cwd, 'whole.json'));
  });

  it('that cannot be kept is told all the same, and reported', async () => {
    const cwd = temporaryFolder();
    const argv = ['hcall-wait', 'guest-linux', '--max-states', '100', '--save', '/dev/full', '--json', 'v.json'];
    const { code, out, err } = await checkstop(['explore', ...argv], { cwd });
    expect(code).toBe(3);
    expect(out).toContain('incomplete');
    expect(out).not.toContain('It is kept');
    expect(err).toMatch(/^error CLI_CANNOT_WRITE: .*\/dev\/full.*ENOSPC/);
    expect(JSON.parse(readFileSync(join(cwd, 'v.json'), 'utf8')).cells[0].verdict).toBe('incomplete');
  });

  it('is not kept when it ends', async () => {
    const { out } = await checkstop(['explore', 'direct-exit', 'guest-linux', '--save', 'search.bin']);
    expect(out).not.toContain('It is kept');
  });

  it('is refused with anything else that says what is searched, and by other code', async () => {
    const cwd = temporaryFolder();
    const cell = ['direct-exit', 'guest-linux', '--max-states', '100'];
    await checkstop(['explore', ...cell, '--save', 'search.bin'], { cwd });
    const refused = async (...argv: string[]) => {
      const { code, err } = await checkstop(['explore', '--resume', 'search.bin', ...argv], { cwd });
      expect(code).toBe(3);
      return err;
    };
    expect(await refused('direct-exit', 'guest-linux')).toMatch(/CLI_CONTRADICTION: .*leave STRATEGY out/);
    expect(await refused('--vcpus', '3')).toMatch(/CLI_CONTRADICTION: .*leave --vcpus out/);
    // A value that is the default is said, too.
    expect(await refused('--checks', '1', '--no-full')).toMatch(/CLI_CONTRADICTION: .*leave --checks out/);
    expect(await refused('--unreduced')).toMatch(/CLI_CONTRADICTION: .*leave --unreduced out/);
    expect(await refused('--fairness', 'weak')).toMatch(/CLI_CONTRADICTION: .*leave --fairness out/);
    expect((await checkstop(['explore', ...cell, '--save', '-'])).err).toContain('CLI_BAD_ARGUMENT');
    expect((await checkstop(['explore', ...cell, '--save', 'none/x'])).err).toContain('CLI_CANNOT_WRITE');
    expect((await checkstop(['explore', '--resume', 'none'])).err).toContain('CLI_CANNOT_READ');
    writeFileSync(join(cwd, 'search.bin'), readFileSync(join(cwd, 'search.bin')).subarray(0, -1));
    expect(await refused()).toContain('SAVE_DAMAGED');
    writeFileSync(join(cwd, 'search.bin'), 'cs1.');
    expect(await refused()).toContain('SAVE_SYNTAX');
  });

  it('runs no code that the file names until that is trusted', async () => {
    const cwd = temporaryFolder();
    const strategies = new URL('../../../strategies/src/index.ts', import.meta.url).pathname;
    writeFileSync(join(cwd, 'mine.ts'), `export { directExit as default } from '${strategies}';\n`);
    const { out } = await checkstop(
      ['explore', './mine.ts', 'guest-linux', '--max-states', '100', '--save', 'search.bin'],
      { cwd },
    );
    const [, line = ''] = /It is kept: checkstop (.*)/.exec(out) ?? [];
    expect(line).toBe('explore --trust --resume search.bin');
    expect((await checkstop(['explore', '--resume', 'search.bin'], { cwd })).err).toContain('SAVE_LOADS_CODE');
    expect((await checkstop(line.split(' '), { cwd })).code).toBe(0);
  });
});
