import { definePlugin } from '@checkstop/kernel';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { prepareCell } from './cell.ts';
import { neighbours } from './neighbours.ts';
import { optionChoices } from './option-choices.ts';
import { parsePluginSpec } from './plugin-spec.ts';
import { checkstop } from './testing.fixture.ts';

const paragraph = (out: string, start: string): string => out.slice(out.indexOf(start)).split('\n\n', 1)[0] ?? '';

/** Enough states for cells of two brief guests, too few for what runs wild. */
const FEW = ['--max-states', '2000'];

describe('checkstop explain', () => {
  it('a red cell: what is asked, who did it, and the steps that mend it', async () => {
    const { code, out } = await checkstop([
      'explain',
      'hcall-busy',
      'guest-other-os',
      '--vary',
      'guest firmware',
      ...FEW,
    ]);
    expect(code).toBe(1);
    const told = paragraph(out, 'entryContract asks: At the first instruction of the registered routine');
    expect(told).toContain('vcpu0 is struck (check) before `');
    expect(told).toContain(
      'SPRG2 is 0x0, at the boundary it was 0x7e7e0000. vcpu0 wrote that at `0x0200 mtsprg 2,r3`; before, it was 0x7e7e0000.',
    );
    expect(told).toMatch(/^ {2}checkstop replay cs1\.\S+$/m);
    const decides = paragraph(out, 'What decides');
    for (const step of ['guest-other-os:sprg2=unused  (was persistent)', 'guest-linux  (instead of guest-other-os)'])
      expect(decides).toContain(`\n  ${step}\n`);
    expect(decides).toContain(
      "--profile sprg2=shared  (was private): still justifiedStop\n      Whose SPRG2 is: the OS's",
    );
    expect(out).toContain('Not decided within 2,000 states or the limits given: ');
  }, 120_000);

  it('a green cell: the steps that break it, and by which property; as JSON, too', async () => {
    const argv = ['explain', 'direct-exit', 'guest-linux', '--vcpus', '1', ...FEW, '--json', '-'];
    const { code, out, err } = await checkstop(argv);
    expect(code).toBe(0);
    expect(err).toContain(
      'guest-linux:testRi=false  (was true): noFalseResume, justifiedStop\n      Whether the machine-check',
    );
    expect(err).toMatch(/^As good: .*--hypervisor qemu:bql=fifo, /m);
    const { schema, cell, neighbours: near, left } = JSON.parse(out);
    expect([schema, cell.verdict, left]).toEqual(['checkstop.explanation/1', 'holds', 0]);
    expect(near).toContainEqual({
      ...{ part: 'guest', option: 'testRi', from: true, to: false, about: expect.stringMatching(/SRR1\[RI\]/) },
      ...{ verdict: 'violated', violated: ['noFalseResume', 'justifiedStop'], complete: true },
    });
  }, 120_000);

  it('tells what ends a starving, where fairness is demanded', async () => {
    const argv = ['explain', 'hcall-busy', 'guest-linux', '--fairness', 'weak', '--vary', 'hypervisor strategy'];
    const { code, out } = await checkstop(argv);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^holds; progress: none violated, weak violated, strong holds: \d+ states, \d+ transitions\n\nprogress under weak fairness.*\n {2}The run \(2 checks, .* a loop of 6 steps\): what is pending for vcpu0 stays pending for ever: /m,
    );
    const decides = paragraph(out, 'What decides');
    for (const step of [
      '--hypervisor qemu:bql=fifo  (was unfair)',
      'hcall-wait  (instead of hcall-busy)',
      'direct-exit  (instead of hcall-busy)',
    ])
      expect(decides).toContain(`\n  ${step}\n`);
    expect(decides).not.toContain('\n  illegal-instruction  (');
  }, 120_000);

  it('ends a delivery by its axes', async () => {
    const { out } = await checkstop([
      'explain',
      'delivery:notification=hcall,waiting=hold',
      'guest-linux',
      '--vary',
      'strategy',
    ]);
    const decides = paragraph(out, 'What decides');
    const waiting = ['poll', 'condition', 'guest-retry'].map((to) => `  delivery:waiting=${to}  (was hold)\n`);
    expect(decides).toContain(`${waiting.join('')}      What a report does while another vCPU holds the interlock`);
    expect(decides).toContain('\n  direct-exit  (instead of delivery)\n');
    expect(out).not.toContain('Refused');
    expect(out).toContain('vcpu1 holds BQL, vcpu0 holds interlock.');
  }, 120_000);

  it('says what cannot be varied, and what is left when it is interrupted', async () => {
    expect((await checkstop(['explain', 'direct-exit', 'guest-linux', '--vary', 'vcpus'])).err).toContain(
      "'--vary vcpus': expected some of strategy, guest, hypervisor, firmware.",
    );
    let looks = 0;
    const { code, out } = await checkstop(['explain', 'direct-exit', 'guest-linux', '--vcpus', '1'], {
      interrupted: () => ++looks > 100,
    });
    expect(code).toBe(2);
    expect(out).toMatch(/^Not tried, because interrupted: \d+ cells\.$/m);
  }, 60_000);
});

describe('the alternatives of a plugin', () => {
  it("are those in its schema, whoever's it is", () => {
    const plugin = definePlugin({
      name: 'any',
      version: '1.0.0',
      contract: 1,
      options: v.object({
        plain: v.optional(v.picklist(['a', 'b']), 'a'),
        inside: v.optional(v.pipe(v.boolean(), v.description('inner')), true),
        around: v.pipe(v.optional(v.boolean(), true), v.description('outer')),
        amount: v.optional(v.number(), 1),
      }),
      setup: () => undefined,
    })();
    expect(optionChoices(plugin.schema, plugin.options as Record<string, unknown>)).toEqual([
      { option: 'plain', values: ['a', 'b'] },
      { option: 'inside', values: [false, true], description: 'inner' },
      { option: 'around', values: [false, true], description: 'outer' },
    ]);
    expect(optionChoices(undefined, {})).toEqual([]);
  });

  it('are within a variant those of the chosen object, and the other objects', () => {
    const schema = v.variant('way', [
      v.object({ way: v.literal('left'), fast: v.boolean() }),
      v.object({ way: v.literal('right'), far: v.boolean() }),
    ]);
    expect(optionChoices(schema, { way: 'right' })).toEqual([
      {
        ...{ option: 'way', values: ['left', 'right'] },
        beside: new Map([
          ['left', ['way', 'fast']],
          ['right', ['way', 'far']],
        ]),
      },
      { option: 'far', values: [false, true] },
    ]);
  });

  it('make neighbours that differ in one thing, each of them once', async () => {
    const cell = await prepareCell({
      strategy: parsePluginSpec('hcall-busy:scratch=sprg1'),
      guest: parsePluginSpec('guest-linux:build=full'),
      hypervisor: parsePluginSpec('qemu'),
      vcpus: 2,
      profile: { sprg2: 'shared' },
      checks: { perVcpu: 1 },
    });
    const near = neighbours(cell);
    expect(new Set(near.map(({ spec }) => JSON.stringify(spec))).size).toBe(near.length);
    expect(near.map(({ spec }) => spec)).not.toContainEqual(cell.spec);
    expect(near.filter(({ option }) => option === 'scratch').map(({ to }) => to)).toEqual(['sprg0', 'sprg2', 'sprg3']);
    const other = near.find(({ to }) => to === 'guest-other-os');
    expect(other?.spec).toMatchObject({ guest: { options: { build: 'full' } }, profile: { sprg2: 'shared' } });
    for (const { part, option, description } of near)
      if (option) expect(description, `${part} ${option}`).toMatch(/^[A-Z].*\.$/);
  });
});
