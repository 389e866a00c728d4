import { atEveryBoundary, bareMachine, rehearse } from '@checkstop/guest-kit';
import { seededRandom } from '@checkstop/kernel';
import { MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { linuxGuest } from './linux-guest.ts';

type Options = NonNullable<Parameters<typeof linuxGuest>[0]>;

const builds: Options[] = (['brief', 'full'] as const).flatMap((build) =>
  (['little', 'big'] as const).map((endian) => ({ build, endian })),
);

const MAX_STEPS = 20_000;

describe.each(builds)('the $build build, $endian-endian', (options) => {
  it.each([1, 2, 8])('boots %i vCPUs, works and idles', (vcpus) => {
    const { machine, complaints } = rehearse(linuxGuest(options), { vcpus, checks: 0 });
    expect(machine.use('fwnmi').registration?.machineCheck).toBe(machine.use('guest').symbols.get('machine_check'));
    expect(machine.run(seededRandom(vcpus), { maxSteps: MAX_STEPS }).reason).toBe('idle');
    for (const { index } of machine.use('processor').vcpus) expect(machine.use('hypervisor').mode(index)).toBe('ceded');
    expect(complaints).toEqual([]);
  });

  it('takes a check before every instruction: resumes where RI=1, panics where RI=0', () => {
    const { machine, complaints, strike, finish } = rehearse(linuxGuest(options));
    const { work } = machine.use('guest');
    const seen = new Set<number>();
    atEveryBoundary(machine, (nip, msr) => {
      seen.add(nip);
      strike();
      expect([nip.toString(16), finish()]).toEqual([nip.toString(16), msr & MSR.RI ? 'idle' : 'stopped']);
      expect(machine.stopped?.reason).toBe(msr & MSR.RI ? undefined : 'os-term');
    });
    expect(complaints).toEqual([]);
    expect([...seen].filter((nip) => nip >= work.start && nip < work.end).length).toBe((work.end - work.start) / 4);
  });

  it('takes as many checks one in another as it has levels', () => {
    const levels = { brief: 4, full: 3 }[options.build ?? 'brief'];
    const { machine, vcpu, complaints, strike, finish } = rehearse(linuxGuest(options), { checks: levels });
    expect(machine.use('guest').levels).toBe(levels);
    const canNest = () => machine.use('hypervisor').mode(0) === 'guest' && (vcpu.reg('msr') & MSR.RI) !== 0n;
    const resumed: bigint[] = [];
    machine.bus.on('resumed', ({ nip }) => resumed.push(nip));
    for (let level = 1; level <= levels; level++) {
      strike();
      while (level < levels && !canNest()) machine.step(0);
    }
    expect([finish(), complaints, resumed.length]).toEqual(['idle', [], levels]);
    expect(resumed.at(-1)).toBe(BigInt(machine.use('guest').ready));
    expect(() => bareMachine(linuxGuest(options), { checks: levels + 1 })).toThrow(/at most 3 strike|perVcpu/);
  });

  it('registers another copy of its routine when told to, and survives checks all the same', () => {
    const { machine, complaints, strike, finish } = rehearse(linuxGuest({ ...options, reregister: true }));
    const { symbols } = machine.use('guest');
    const registered = () => machine.use('fwnmi').registration?.machineCheck;
    const [first, second] = [symbols.get('machine_check'), symbols.get('machine_check_again')];
    expect([registered(), second]).toEqual([first, expect.any(Number)]);
    const entered = new Set<number>();
    machine.bus.on('delivered', () => entered.add(registered() ?? 0));
    atEveryBoundary(machine, (_, msr) => {
      strike();
      expect(finish()).toBe(msr & MSR.RI ? 'idle' : 'stopped');
    });
    finish();
    expect([registered(), complaints, [...entered]]).toEqual([second, [], [first, second]]);
  });

  it.each(['sprg1', 'sprg3', 'xer', 'r1', 'r13', 'r14', 'stack'] as const)('finds a corrupted %s', (what) => {
    const { machine, finish, corrupt } = rehearse(linuxGuest(options));
    let found = 0;
    atEveryBoundary(machine, () => {
      corrupt(what);
      finish();
      if (machine.stopped?.reason === 'os-term') found++;
    });
    expect(found).toBeGreaterThan(0);
  });
});

describe('the brief build', () => {
  it('keeps within its bounds', () => {
    const { symbols, work } = bareMachine(linuxGuest({})).use('guest');
    const length = (from: string, to: string): number => (Number(symbols.get(to)) - Number(symbols.get(from))) / 4;
    expect(length('machine_check', 'ready')).toBeLessThanOrEqual(50); // 64 with the longest vector
    expect(length('system_call', 'machine_check') + length('self_check', 'work_end')).toBeLessThanOrEqual(24);
    expect((Number(symbols.get('self_check')) - work.start) / 4).toBeLessThanOrEqual(12);
  });
});

describe('the full build', () => {
  it.each(['little', 'big'] as const)('survives calls that destroy all they may, %s-endian', (endian) => {
    const { machine, complaints, strike, finish } = rehearse(linuxGuest({ build: 'full', endian }), { poison: true });
    atEveryBoundary(machine, (_, msr) => {
      strike();
      expect(finish()).toBe(msr & MSR.RI ? 'idle' : 'stopped');
    });
    expect(complaints).toEqual([]);
  });

  it('does what the brief one need not: there an interlock call loses what the handler did not save', () => {
    const { machine, complaints, strike, finish } = rehearse(linuxGuest({ build: 'brief' }), { poison: true });
    atEveryBoundary(machine, () => {
      strike();
      finish();
    });
    expect(complaints).toContainEqual(expect.stringMatching(/^resumeContext: r9 is 0xa5a5/));
  });
});

describe('options', () => {
  it('testRi: false resumes where SRR0 and SRR1 were lost', () => {
    const { machine, complaints, strike, finish } = rehearse(linuxGuest({ testRi: false }));
    atEveryBoundary(machine, (_, msr) => {
      if (msr & MSR.RI) return;
      strike();
      finish();
    });
    expect(complaints.some((text) => text.startsWith('noFalseResume'))).toBe(true);
  });

  it('rtasLock: true deadlocks with itself when struck inside RTAS', () => {
    const { machine, strike, finish } = rehearse(linuxGuest({ rtasLock: true }));
    const outcomes = new Set<string>();
    atEveryBoundary(machine, (_, msr) => {
      if (!(msr & MSR.RI)) return;
      strike();
      outcomes.add(finish());
    });
    expect([...outcomes].sort()).toEqual(['idle', 'limit']);
  });

  it.each(['word', 'branch'] as const)('forge: %s is reflected as an illegal instruction, and survived', (forge) => {
    const { machine, finish } = rehearse(linuxGuest({ forge }), { checks: 0 });
    // Nobody patched 0x200 here: put the word there, as the strategy would.
    machine.ram.writeU32(0x200, 0x004d4d00, 'little');
    const reflected: bigint[] = [];
    machine.bus.on('interrupt', ({ vector, srr1 }) => {
      if (vector === 0x700) reflected.push(srr1 & 0x80000n);
    });
    expect(finish()).toBe('idle');
    expect(reflected).toEqual([0x80000n]);
  });

  it.each([{ endian: 'middle' }, { build: 'huge' }, { sprg2: 'unused' }])('refuses %j', (options) => {
    expect(() => linuxGuest(options as never)).toThrow(/guest-linux/);
  });
});
