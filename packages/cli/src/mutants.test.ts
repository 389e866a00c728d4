import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkstop, temporaryFolder } from './testing.fixture.ts';

/** One vCPU, so that the mistakes with the interlock do not apply. */
const CELL = ['explore', 'direct-exit', 'guest-linux', '--vcpus', '1'];

/** One that does no harm, one that does, one that never comes to act. */
const MINE = `
  import { otherwise, providing } from '@checkstop/mutants';
  const report = (does) => (plugin, acted) =>
    providing(plugin, 'fwnmi', (fwnmi, ctx) => otherwise(fwnmi, {
      report(agent, ...rest) {
        fwnmi.report(agent, ...rest);
        does(ctx.use('processor').vcpus[agent]);
        acted();
      },
    }));
  const mutant = (name, what, does) => ({ name, what, seenBy: ['entryContract'], alter: { firmware: report(does) } });
  export default { mutants: [
    mutant('harmless', 'delivery looks', () => {}),
    mutant('clobbered-ctr', 'delivery destroys CTR', (vcpu) => vcpu.setReg('ctr', 0xbadn)),
    { name: 'waits-here', what: 'never asked', seenBy: ['x'], alter: { firmware: (plugin) => plugin } },
  ] };
`;

describe('mutants on the command line', () => {
  const cwd = temporaryFolder();
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(cwd, 'node_modules'));
  writeFileSync(join(cwd, 'checkstop.config.ts'), MINE);

  it('are named: those that were seen, that survived, that made no difference', async () => {
    const files = ['json', 'junit', 'sarif', 'html'].flatMap((format) => [`--${format}`, `out.${format}`]);
    const { code, out } = await checkstop([...CELL, '--mutants', ...files], { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(/^killed 10 of 11 mutants: clobbered-ctr, untested-ri, .*delivered-twice, interlock-let-go$/m);
    expect(out).toContain('survived: harmless (delivery looks): no property saw it\n');
    expect(out).toContain('made no difference here: waits-here\n');
    const read = (format: string): string => readFileSync(join(cwd, `out.${format}`), 'utf8');
    const { mutants } = JSON.parse(read('json')).cells[0];
    expect(mutants[0]).toMatchObject({ name: 'harmless', outcome: 'survived', verdict: 'holds' });
    expect(mutants[1]).toMatchObject({ name: 'clobbered-ctr', outcome: 'killed', property: 'entryContract' });
    expect(read('junit')).toMatch(/\nkilled 10 of 11 mutants: clobbered-ctr, .*\nsurvived: harmless /);
    expect(read('junit')).toContain('failures="0"');
    const [{ invocations }] = JSON.parse(read('sarif')).runs;
    expect(invocations[0].toolExecutionNotifications).toMatchObject([{ level: 'warning', properties: { mutants } }]);
    expect(read('html')).toContain(`checkstop replay ${mutants[1].token}<`);
  });

  it('that survive are a failure only where that is asked for', async () => {
    const matrix = ['matrix', '--strategies', 'direct-exit', '--guests', 'guest-linux', '--vcpus', '1'];
    const { code, out } = await checkstop([...matrix, '--require-mutants', '--junit', 'required.xml'], { cwd });
    expect(out).toContain('    survived: harmless');
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, 'required.xml'), 'utf8')).toContain(
      '<failure type="violated" message="violated: no property saw harmless"',
    );
    expect((await checkstop([...CELL, '--require-mutants'])).code).toBe(0);
  });

  it('are put in by name', async () => {
    const { code, out } = await checkstop([...CELL, '--mutant', 'clobbered-ctr'], { cwd });
    expect(out).toContain('mutant     clobbered-ctr: delivery destroys CTR\n');
    expect(out).toContain('violated entryContract');
    expect(code).toBe(1);
    const wrong = await checkstop([...CELL, '--mutant', 'clobbered-ctr']);
    expect(wrong.err).toMatch(/There is no mutant 'clobbered-ctr' of this cell; there are untested-ri,/);
    expect(wrong.code).toBe(3);
  });

  it('that are not tried leave no trace', async () => {
    const { out } = await checkstop([...CELL, '--json', 'plain.json'], { cwd });
    expect(out).not.toContain('mutant');
    expect(JSON.parse(readFileSync(join(cwd, 'plain.json'), 'utf8')).cells[0]).not.toHaveProperty('mutants');
  });
});
