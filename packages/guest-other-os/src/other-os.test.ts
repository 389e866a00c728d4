import { atEveryBoundary, bareMachine, rehearse } from '@checkstop/guest-kit';
import { seededRandom } from '@checkstop/kernel';
import { MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { otherOs } from './other-os.ts';

type Options = NonNullable<Parameters<typeof otherOs>[0]>;

const builds: Options[] = (['brief', 'full'] as const).flatMap((build) =>
  (['big', 'little'] as const).map((endian) => ({ build, endian })),
);

const MAX_STEPS = 20_000;

describe.each(builds)('the $build build, $endian-endian', (options) => {
  it.each([1, 2, 8])('boots %i vCPUs, works and idles', (vcpus) => {
    const { machine, complaints } = rehearse(otherOs(options), { vcpus, checks: 0 });
    expect(machine.use('fwnmi').registration?.machineCheck).toBe(machine.use('guest').symbols.get('machine_check'));
    expect(machine.run(seededRandom(vcpus), { maxSteps: MAX_STEPS }).reason).toBe('idle');
    for (const { index } of machine.use('processor').vcpus) expect(machine.use('hypervisor').mode(index)).toBe('ceded');
    expect(complaints).toEqual([]);
  });

  it('takes a check before every instruction: resumes where RI=1, panics where RI=0', () => {
    const { machine, complaints, strike, finish } = rehearse(otherOs(options));
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
    const { machine, vcpu, complaints, strike, finish } = rehearse(otherOs(options), { checks: levels });
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
    expect(() => bareMachine(otherOs(options), { checks: levels + 1 })).toThrow(/at most 3 strike|perVcpu/);
  });

  it('registers another copy of its routine when told to, and survives checks all the same', () => {
    const { machine, complaints, strike, finish } = rehearse(otherOs({ ...options, reregister: true }));
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

  it.each(['sprg0', 'sprg2', 'lr', 'r1', 'r29', 'r30', 'stack'] as const)('finds a corrupted %s', (what) => {
    const { machine, finish, corrupt } = rehearse(otherOs(options));
    let found = 0;
    atEveryBoundary(machine, () => {
      corrupt(what);
      finish();
      if (machine.stopped?.reason === 'os-term') found++;
    });
    expect(found).toBeGreaterThan(0);
  });
});

describe.each(['persistent', 'prologue', 'unused'] as const)('sprg2: %s', (sprg2) => {
  it('keeps the brief build within its bounds', () => {
    const { symbols, work } = bareMachine(otherOs({ sprg2 })).use('guest');
    const length = (from: string, to: string): number => (Number(symbols.get(to)) - Number(symbols.get(from))) / 4;
    expect(length('machine_check', 'ready')).toBeLessThanOrEqual(50); // 64 with the longest vector
    expect(length('system_call', 'machine_check') + length('self_check', 'work_end')).toBeLessThanOrEqual(24);
    expect((Number(symbols.get('self_check')) - work.start) / 4).toBeLessThanOrEqual(12);
  });

  it.each(['brief', 'full'] as const)('is said to the properties, and true of the %s build', (build) => {
    const { machine, vcpu, complaints, strike, finish } = rehearse(otherOs({ build, sprg2 }));
    const { persistent, scratch } = machine.use('guest').sprgs;
    const before = persistent.map((name) => vcpu.reg(name));
    atEveryBoundary(machine, (_, msr) => {
      expect(persistent.map((name) => vcpu.reg(name))).toEqual(before);
      if ((msr & MSR.RI) === 0n) return;
      for (const name of scratch) vcpu.setReg(name, 0xdeadn); // nobody misses it
      strike();
      expect(finish()).toBe('idle');
    });
    expect(complaints).toEqual([]);
  });

  it('is corrupted, and found out, where something lives in it', () => {
    const { machine, vcpu, finish } = rehearse(otherOs({ sprg2, build: 'full' }));
    const found = { ri0: 0, ri1: 0 };
    atEveryBoundary(machine, (_, msr) => {
      vcpu.setReg('sprg2', 0xdeadn);
      if (finish() !== 'schedule') found[msr & MSR.RI ? 'ri1' : 'ri0']++;
    });
    expect({ ri0: found.ri0 > 0, ri1: found.ri1 > 0 }).toEqual(
      {
        persistent: { ri0: true, ri1: true },
        prologue: { ri0: true, ri1: false },
        unused: { ri0: false, ri1: false },
      }[sprg2],
    );
  });
});

describe('the full build', () => {
  it.each([
    ['prologue', 'big'],
    ['unused', 'little'],
  ] as const)('survives calls that destroy all they may, where SPRG2 is %s, %s-endian', (sprg2, endian) => {
    const { machine, complaints, strike, finish } = rehearse(otherOs({ build: 'full', sprg2, endian }), {
      poison: true,
    });
    atEveryBoundary(machine, (_, msr) => {
      strike();
      expect(finish()).toBe(msr & MSR.RI ? 'idle' : 'stopped');
    });
    expect(complaints).toEqual([]);
  });

  it('loses what it keeps in SPRG2 for good to an RTAS call, which may destroy it', () => {
    const { machine, complaints, strike, finish } = rehearse(otherOs({ build: 'full' }), { poison: true });
    strike();
    expect([finish(), machine.stopped?.reason]).toEqual(['stopped', 'os-term']);
    expect(complaints[0]).toMatch(/^resumeContext: SPRG2 is 0xa5a5/);
  });
});

describe('options', () => {
  it('testRi: false resumes where SRR0 and SRR1 were lost', () => {
    const { machine, complaints, strike, finish } = rehearse(otherOs({ testRi: false }));
    atEveryBoundary(machine, (_, msr) => {
      if (msr & MSR.RI) return;
      strike();
      finish();
    });
    expect(complaints.some((text) => text.startsWith('noFalseResume'))).toBe(true);
  });

  it('rtasLock: true deadlocks with itself when struck inside RTAS', () => {
    const { machine, strike, finish } = rehearse(otherOs({ rtasLock: true }));
    const outcomes = new Set<string>();
    atEveryBoundary(machine, (_, msr) => {
      if (!(msr & MSR.RI)) return;
      strike();
      outcomes.add(finish());
    });
    expect([...outcomes].sort()).toEqual(['idle', 'limit']);
  });

  it.each(['word', 'branch'] as const)('forge: %s is reflected as an illegal instruction, and survived', (forge) => {
    const { machine, finish } = rehearse(otherOs({ forge }), { checks: 0 });
    // Nobody patched 0x200 here: put the word there, as the strategy would.
    machine.ram.writeU32(0x200, 0x004d4d00, 'big');
    const reflected: bigint[] = [];
    machine.bus.on('interrupt', ({ vector, srr1 }) => {
      if (vector === 0x700) reflected.push(srr1 & 0x80000n);
    });
    expect(finish()).toBe('idle');
    expect(reflected).toEqual([0x80000n]);
  });

  it.each([{ endian: 'middle' }, { build: 'huge' }, { sprg2: 'lost' }])('refuses %j', (options) => {
    expect(() => otherOs(options as never)).toThrow(/guest-other-os/);
  });
});
