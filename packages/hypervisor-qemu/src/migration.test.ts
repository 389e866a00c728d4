import { describe, expect, it } from 'vitest';
import { migration } from './migration.ts';
import { H_CEDE, stopped, WAIT } from './stopping.fixture.ts';

const made = (options: Parameters<typeof migration>[0]) => {
  const bench = stopped(migration(options));
  bench.hear('migrated', ({ lost }) => lost);
  return bench;
};

describe('a migration', () => {
  it('is on offer at any time, so many times', () => {
    const { offers, take, heard } = made({ times: 2 });
    expect(offers()).toEqual(['0 migrate', '1 migrate']);
    take('migrate');
    take('migrate');
    expect([offers(), heard]).toEqual([[], [[], []]]);
  });

  it('takes place when the last vCPU has come out of the hypervisor, and calls wait for that', () => {
    const { machine, hypervisor, take, heard, until, news, offers } = made({});
    until(1, 'condition', WAIT);
    take('migrate');
    expect([offers(), heard]).toEqual([[], []]);
    until(0, 'lock');
    expect(machine.available(0, 0)).toBe(false);
    news().broadcast();
    until(1, 'guest');
    expect(heard).toEqual([[]]);
    until(0, 'ceded', H_CEDE);
    expect(hypervisor.mode(0)).toBe('ceded');
  });

  it('goes on wherever a vCPU is where nobody has to come out first, while nobody has the lock', () => {
    const { take, heard, until, offers, news } = made({ pause: 'none', carries: 'everything' });
    until(1, 'hypervisor', WAIT);
    expect(offers()).toEqual([]);
    until(1, 'condition', WAIT);
    take('migrate');
    expect(heard).toEqual([[]]);
    news().signal();
    until(1, 'guest');
  });

  it('leaves waiters behind where those are not taken along', () => {
    const { machine, take, heard, until, news } = made({ pause: 'none' });
    until(1, 'condition', WAIT);
    take('migrate');
    news().broadcast();
    expect([heard, machine.available(1, 0)]).toEqual([[['waiters']], false]);
  });

  it('loses struck checks that nobody has reported, as QEMU does', () => {
    const { hypervisor, take, heard, strike } = made({ policy: 'carried' });
    strike(1);
    expect(hypervisor.checks.pending(1)).toBeDefined();
    take('migrate');
    expect([heard, hypervisor.checks.pending(1)]).toEqual([[['checks', 'samples']], undefined]);
  });

  it('keeps them where everything is taken along', () => {
    const { hypervisor, take, heard, strike } = made({ policy: 'carried', carries: 'everything' });
    strike(1);
    take('migrate');
    expect([heard, hypervisor.checks.pending(1)?.kind]).toEqual([[[]], 'slb-multihit']);
  });
});

describe('while a delivery is in flight', () => {
  it.each(['strike', 'hide'] as const)('it is refused where it is blocked (%s)', (begin) => {
    const bench = made({ policy: 'blocked' });
    bench[begin](1);
    expect(bench.offers()).toEqual([]);
  });

  it('a check that nobody has reported counts only from its strike', () => {
    const { offers, strike } = made({ policy: 'blocked', inFlight: 'from-interlock' });
    strike(1);
    expect(offers()).toEqual(['0 migrate', '1 migrate']);
  });

  it('it is given up where it is blocked and the delivery came while it waited', () => {
    const { machine, hypervisor, take, heard, strike, until, news } = made({ policy: 'blocked' });
    until(1, 'condition', WAIT);
    take('migrate');
    until(0, 'lock');
    expect(machine.available(0, 0)).toBe(false);
    strike(1); // it is latched, and strikes as the vCPU comes out
    news().broadcast();
    until(1, 'guest');
    expect([heard, hypervisor.checks.pending(1) === undefined]).toEqual([[[]], false]);
  });

  it('nothing is given up where it was decided at the start', () => {
    const { take, heard, hide, offers } = made({ policy: 'blocked', decided: 'at-start' });
    take('migrate');
    hide();
    expect(offers()).toEqual(['0 migration-stops-machine', '1 migration-stops-machine']);
    take('migration-stops-machine');
    expect(heard).toEqual([[]]);
  });

  it('it waits where it is delayed, and the gate stays open', () => {
    const { hypervisor, machine, take, heard, hide, until } = made({ policy: 'delayed' });
    hide();
    take('migrate');
    until(0, 'ceded', H_CEDE);
    expect(heard).toEqual([]);
    hypervisor.sections.find(({ name }) => name === 'interlock')?.clear(0);
    until(1, 'ceded', H_CEDE);
    expect([heard, machine.properties.map(({ name }) => name)]).toEqual([[[]], ['migrationProgress', 'migrationEnds']]);
  });
});
