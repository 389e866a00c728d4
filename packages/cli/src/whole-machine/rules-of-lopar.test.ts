import { readFileSync } from 'node:fs';
import { definePlugin, type Events, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { readErrorLog, Severity, TOKENS } from '@checkstop/rtas-fwnmi';
import { describe, expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { type CellRun, runCell } from '../run-cell.ts';
import { checkstop } from '../testing.fixture.ts';
import { cellOf, violated } from './cells.fixture.ts';
import { rig } from './directed.fixture.ts';

interface Struck {
  readonly strategy?: string;
  readonly guest?: string;
  readonly vcpus?: number;
  readonly checks?: number;
  readonly kind?: string;
  readonly resets?: number;
  readonly plugins?: () => ReturnType<ReturnType<typeof definePlugin>>[];
}

/** One vCPU, one check, unless said otherwise. */
async function search(profile: Record<string, unknown>, struck: Struck = {}): Promise<CellRun> {
  const { strategy = 'direct-exit', guest = 'guest-linux', vcpus = 1, checks = 1, kind, resets, plugins } = struck;
  const { spec } = await cellOf(strategy, guest, profile);
  const more = { ...(kind && { kind }) };
  const cell = await prepareCell(
    { ...spec, vcpus, checks: { perVcpu: checks, ...more }, ...(resets && { resets }) },
    plugins ? { plugins } : {},
  );
  return runCell(cell);
}

/** Complains of every stop for this reason, so that a search says whether there is one. */
const stopsBy = (reason: string) =>
  definePlugin({
    name: 'stops-by',
    version: '1.0.0',
    contract: PLUGIN_CONTRACT,
    setup(ctx) {
      ctx.property({
        kind: 'event',
        name: `never ${reason}`,
        on: ['stop'],
        check: (payload) => ((payload as Events['stop']).reason === reason ? `stopped: ${reason}` : undefined),
      });
    },
  })();

describe.each(['guest-linux', 'guest-other-os'])('logs with more sections than QEMU writes, %s', (guest) => {
  it.each(['main', 'longest'])('%s: the guest survives every check', async (log) => {
    for (const build of ['brief', 'full']) {
      const { result } = await search({ log }, { guest: `${guest}:build=${build}`, vcpus: build === 'brief' ? 2 : 1 });
      expect(result).toMatchObject({ verdict: 'holds', complete: true, violations: [] });
    }
  });

  it('a syndrome that firmware does not know is survived: severity NO_ERROR is no reason to panic', async () => {
    const { result } = await search({}, { guest: `${guest}:build=full`, kind: 'unknown' });
    expect(result).toMatchObject({ verdict: 'holds', complete: true, violations: [] });
  });

  it('a check that is reported as fatal is never survived, and the panic is justified', async () => {
    const { result } = await search({ fatal: 'unrecovered' }, { guest, vcpus: 2 });
    expect(result).toMatchObject({ verdict: 'vacuous', complete: true, violations: [] });
  });
});

describe('after a fatal report', () => {
  /** Severities that the routines of vCPUs 0 and 1 find, where the first gives its log back instead of panicking. */
  const found = async (profile: Record<string, unknown>): Promise<number[]> => {
    const set = await rig('direct-exit', { profile: { fatal: 'unrecovered', ...profile } });
    const severities: number[] = [];
    for (const agent of [0, 1]) {
      for (let i = 0; i < 3; i++) set.machine.step(agent);
      set.strike(agent);
      expect(set.enter(agent)).toBe(true);
      const log = set.machine.use('fwnmi').buffer + 8;
      severities.push(readErrorLog(set.machine.ram.readBytes(log, 64)).severity);
      expect(set.rtas(agent, TOKENS.NMI_INTERLOCK)).toBe(0);
    }
    expect(set.complaints).toEqual([]);
    return severities;
  };

  it('another vCPU hears of a fatal one as well, or that it was reported already (LoPAR)', async () => {
    expect(await found({})).toEqual([Severity.FATAL, Severity.FATAL]);
    expect(await found({ afterFatal: 'already-reported' })).toEqual([Severity.FATAL, Severity.ALREADY_REPORTED]);
  });
});

describe('the partition is rebooted', () => {
  const kexec = 'guest-linux:kexec=orderly,deregister=true';
  const between = { guest: kexec, plugins: () => [stopsBy('reboot')] };

  it('by a check between two registrations (LoPAR), and is not with QEMU', async () => {
    expect(violated(await search({ deregister: true }, between))).toEqual([]);
    expect(violated(await search({ deregister: true, unregistered: 'reboot' }, between))).toEqual(['never reboot']);
  }, 60_000);

  it('by the third system reset of a vCPU (LoPAR), and is not with QEMU', async () => {
    const thrice = { checks: 0, resets: 3, plugins: () => [stopsBy('reboot')] };
    expect(violated(await search({}, thrice))).toEqual([]);
    const run = await search({ thirdReset: 'reboot' }, thrice);
    expect(violated(run)).toEqual(['never reboot']);
    expect(run.result.violations[0]).toMatchObject({ faults: 3 });
  }, 60_000);
});

describe("QEMU's place for r3 of system resets", () => {
  const both = { resets: 1 };

  it('is inside the longest log: a reset writes over what the routine reads', async () => {
    const run = await search({ layout: 'qemu', buffer: 0x30, log: 'longest' }, both);
    expect(violated(run)).toEqual(['ownLog']);
    expect(run.result.violations[0]).toMatchObject({ faults: 2, text: expect.stringContaining('left r3 at 0xf800') });
  });

  it.each([
    ['the logs that QEMU writes', { layout: 'qemu', buffer: 0x30 }],
    ['another layout', { buffer: 0x30, log: 'longest' }],
  ])(
    'does no harm with %s',
    async (_what, profile) => {
      const { result } = await search(profile, both);
      expect(result).toMatchObject({ verdict: 'holds', complete: true, violations: [] });
    },
    60_000,
  );
});

describe('docs/rules-of-lopar.md', () => {
  const guide = readFileSync(new URL('../../../../docs/rules-of-lopar.md', import.meta.url), 'utf8');
  const cells = [...guide.matchAll(/^\| `(\S+ guest-[^`]*)` \| (\w+) \| ([\w, ]*) ?\| .+ \|$/gm)].map(
    ([, command = '', verdict = '', properties = '']) => ({ command, verdict, properties: properties.trim() }),
  );

  it('has cells', () => {
    expect(cells.length).toBeGreaterThan(8);
  });

  it.each(cells)(
    '$command: $verdict $properties',
    async ({ command, verdict, properties }) => {
      const { out } = await checkstop(['explore', ...command.split(' ')]);
      const [, said, list = ''] = /^(\w+)((?: \w+,?)*)[:( ]/m.exec(out.slice(out.indexOf('\n\n') + 2)) ?? [];
      expect([said, said === 'violated' ? list.trim() : '']).toEqual([verdict, properties]);
    },
    120_000,
  );
});
