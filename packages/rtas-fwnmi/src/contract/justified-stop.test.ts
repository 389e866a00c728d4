import { assemble, MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { TOKENS } from '../tokens.ts';
import { ROUTINE, RUNNING, struck, WORK } from './spoilt.fixture.ts';

describe('justifiedStop', () => {
  const stop = (msr: bigint, steps: number, token: number = TOKENS.OS_TERM) => {
    const { machine, call, complaints } = struck({ msr });
    for (let i = 0; i < steps; i++) machine.step(0);
    call(0, token, [0, 0].slice(token === TOKENS.OS_TERM ? 1 : 0), 1);
    return complaints;
  };

  it('lets the routine panic where RI was 0, and nowhere else', () => {
    expect(stop(MSR.SF | MSR.ME, 2)).toEqual([]);
    expect(stop(RUNNING, 2)).toEqual([expect.stringMatching(/^justifiedStop: the guest panicked in the routine/)]);
    expect(stop(RUNNING, 2, TOKENS.POWER_OFF)).toEqual([expect.stringMatching(/^justifiedStop: .*power-off/)]);
  });

  it('allows a checkstop to who holds the interlock, and with ME=0', () => {
    const held = struck();
    held.machine.step(0);
    held.machine.use('hypervisor').checks.latch(0, { kind: 'slb-multihit', recovered: false, address: 0n });
    held.machine.step(0);
    expect([held.machine.stopped?.reason, held.complaints]).toEqual(['checkstop', []]);

    const { machine, vcpus, complaints } = struck();
    machine.use('hypervisor').start(1, { nip: WORK, r3: 0n, ile: false });
    vcpus[1].setReg('msr', MSR.SF);
    machine.use('hypervisor').checks.latch(1, { kind: 'slb-multihit', recovered: false, address: 0n });
    expect([machine.stopped?.reason, complaints]).toEqual(['checkstop', []]);
  });

  it.each([
    ['lost SPRG2', 'shared', ['sprg2'], 'sprg2', /keeps state in SPRG2, .* the guest is at fault/],
    ['lost SPRG2, which is its own', 'private', ['sprg2'], 'sprg2', /it found its own state corrupted/],
    ['lost CTR', 'shared', ['sprg2'], 'ctr', /it found its own state corrupted/],
    ['keeps nothing there', 'shared', [], 'sprg2', /it found its own state corrupted/],
  ] as const)('names the guest where it %s (%s)', (_what, sprg2, persistent, register, words) => {
    const { machine, vcpu, call, complaints } = struck({ options: { sprg2 }, persistent });
    for (let i = 0; i < 3; i++) {
      machine.step(0);
      vcpu.setReg(register, 5n);
    }
    call(0, TOKENS.OS_TERM, [0], 1);
    expect(complaints.filter((text) => text.startsWith('justifiedStop'))).toEqual([expect.stringMatching(words)]);
  });

  it('sees a guest that never idles, in hypercalls too', () => {
    const { machine, vcpu, bottoms } = struck();
    expect(bottoms()).toEqual(['noDeadlock']);
    machine.step(0);
    machine.step(0);
    expect(bottoms()).toEqual(['justifiedStop']);
    machine.ram.writeBytes(ROUTINE + 4, assemble('sc 1', { origin: ROUTINE, endian: 'big' }).bytes);
    vcpu.setGpr(3, 0x123n);
    machine.step(0);
    expect(machine.use('hypervisor').mode(0)).toBe('hypervisor');
    expect(bottoms()).toContain('justifiedStop');
  });
});
