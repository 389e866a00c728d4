import { describe, expect, it } from 'vitest';
import { machineReset } from './machine-reset.ts';
import { stopped, WAIT } from './stopping.fixture.ts';

const made = (options: Parameters<typeof machineReset>[0], vcpus?: number) => {
  const bench = stopped(machineReset(options), vcpus);
  bench.hear('machineReset', ({ left }) => left);
  return bench;
};

describe('a reset of the machine', () => {
  it('stops every vCPU at a boundary of its own, and then the machine', () => {
    const { machine, hear, heard, take, offers } = made({});
    hear('vcpuReset', ({ agent }) => agent);
    expect(offers()).toEqual(['0 machine-reset', '1 machine-reset']);
    take('machine-reset', 1);
    expect([machine.available(1, 0), machine.stopped, offers()]).toEqual([false, undefined, ['0 halt']]);
    take('halt', 0);
    expect([heard, machine.stopped]).toEqual([[1, 0, []], { reason: 'machine-reset', agent: 0 }]);
  });

  it('waits for ever for a vCPU that waits in the hypervisor, as QEMU does', () => {
    const { machine, take, until, offers } = made({});
    until(1, 'condition', WAIT);
    take('machine-reset');
    expect([offers(), machine.alternatives(), machine.stopped]).toEqual([[], [], undefined]);
  });

  it('lets nobody who comes out of the hypervisor go on in the guest', () => {
    const { machine, hypervisor, take, until } = made({});
    until(1, 'lock');
    take('machine-reset');
    until(1, 'stopped');
    expect([hypervisor.mode(1), machine.stopped?.reason]).toEqual(['stopped', 'machine-reset']);
  });

  it.each([
    ['broadcast', true],
    ['signal', true],
    ['nobody', false],
  ] as const)('that waits for the guest alone wakes who waits in the hypervisor: %s', (wakes, isWoken) => {
    const { machine, take, until, offers } = made({ waitsFor: 'guest', wakes });
    until(1, 'condition', WAIT);
    take('machine-reset');
    expect(offers()).toEqual(['0 reset-takes-effect']);
    take('reset-takes-effect');
    expect(machine.available(1, 0)).toBe(isWoken);
    if (isWoken) until(1, 'stopped');
    expect(machine.stopped?.reason).toBe(isWoken ? 'machine-reset' : undefined);
  });

  it.each([
    ['broadcast', 'machine-reset'],
    ['signal', undefined],
  ] as const)('that wakes by %s has two that wait out, or one', (wakes, reason) => {
    const { machine, take, until } = made({ waitsFor: 'guest', wakes }, 3);
    until(1, 'condition', WAIT);
    until(2, 'condition', WAIT);
    take('machine-reset');
    take('reset-takes-effect');
    until(1, 'stopped');
    if (reason) until(2, 'stopped');
    expect([machine.stopped?.reason, machine.alternatives()]).toEqual([reason, []]);
  });

  it.each([
    ['everything', []],
    ['all-but-checks', ['checks']],
    ['all-but-interlock', ['interlock']],
  ] as const)('tells what is left of %s', (forgets, left) => {
    for (const waitsFor of ['everybody', 'guest'] as const) {
      const { heard, take, hide, strike } = made({ waitsFor, forgets });
      hide();
      strike(1);
      take('machine-reset');
      take('halt', 1);
      expect(heard).toEqual([left]);
    }
  });

  it('tells of what is taken once all was forgotten', () => {
    const { heard, take, hide, until } = made({ waitsFor: 'guest' });
    until(1, 'condition', WAIT);
    take('machine-reset');
    take('reset-takes-effect');
    hide();
    until(1, 'stopped');
    expect(heard).toEqual([['interlock']]);
  });
});
