import { assemble, MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { machineCheckLog, Severity, writeErrorLog } from '../log/index.ts';
import { TOKENS } from '../tokens.ts';
import { ROUTINE, RUNNING, struck, WORK } from './spoilt.fixture.ts';

/** Lets the check be delivered and the routine return, with something in SPRG2. */
function handle({ machine, vcpu }: ReturnType<typeof struck>, sprg2: bigint): void {
  machine.step(0); // deliver
  machine.step(0); // lwz
  vcpu.setReg('sprg2', sprg2);
  machine.step(0); // rfid
}

/** Another check, likewise. */
function survive(made: ReturnType<typeof struck>, sprg2 = made.vcpu.reg('sprg2')): void {
  made.machine.use('hypervisor').checks.latch(0, { kind: 'slb-multihit', recovered: false, address: 0n });
  handle(made, sprg2);
}

/** SPRG2 holds again what was kept there, until another check. */
function lostTwice(made: ReturnType<typeof struck>): void {
  made.vcpu.setReg('sprg2', 0n);
  survive(made, 6n);
}

/** vCPU 0 stops itself and is started, and SPRG2 holds something else. */
function startedAgain({ machine, vcpu, call }: ReturnType<typeof struck>): void {
  call(0, TOKENS.STOP_SELF, [], 0);
  machine.use('hypervisor').start(0, { nip: WORK, r3: 0n, ile: false });
  vcpu.setReg('sprg2', 7n);
}

/** Lets the guest panic outside the routine: whether it is said to be at fault. */
function guestNamed({ call, complaints }: ReturnType<typeof struck>): boolean {
  call(0, TOKENS.OS_TERM, [0], 1);
  const [said, ...more] = complaints.filter((text) => text.startsWith('justifiedStop'));
  expect([said, more]).toEqual([expect.stringMatching(/panicked outside the registered routine/), []]);
  return said.includes('the guest is at fault');
}

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

  const SLB = machineCheckLog({ severity: Severity.ERROR_SYNC, recovered: false, error: { type: 'd-cache' } });
  it.each([
    ['is fatal', { ...SLB, severity: Severity.FATAL }, 0],
    ['says that it is unrecoverable', { ...SLB, extended: { flags: ['unrecoverable'], sections: [] } }, 0],
    ['says only that it was not recovered', SLB, 1],
  ] as const)('lets the routine panic on a log that %s, or does not', (_what, log, complaints) => {
    const made = struck({ log: writeErrorLog(log) });
    for (let i = 0; i < 2; i++) made.machine.step(0);
    made.call(0, TOKENS.OS_TERM, [0], 1);
    expect(made.complaints).toHaveLength(complaints);
  });

  it('takes a kernel that crashes for one that panics', () => {
    const { machine, complaints } = struck();
    for (let i = 0; i < 2; i++) machine.step(0);
    machine.bus.emit('kernelCrashed', { agent: 0 });
    expect(complaints).toEqual([expect.stringMatching(/^justifiedStop: the guest panicked in the routine/)]);
  });

  it('leaves a check that nobody was registered for to the guest, and no other', () => {
    const own = struck({ unregistered: true });
    own.call(0, TOKENS.OS_TERM, [0], 1);
    expect(own.complaints).toEqual([]);
    const missed = struck({ entry: (vcpu) => vcpu.setReg('nip', 0x200n) });
    missed.machine.step(0);
    missed.call(0, TOKENS.OS_TERM, [0], 1);
    expect(missed.complaints).toEqual([
      expect.stringMatching(/^justifiedStop: .* on a check that its registered routine never saw/),
    ]);
  });

  it.each([
    [RUNNING, [expect.stringMatching(/^justifiedStop: .* in its routine for system resets/)]],
    [MSR.SF | MSR.ME, []],
  ])('lets the routine for system resets panic where RI was 0: boundary MSR %i', (msr, said) => {
    const { machine, vcpu, call, complaints } = struck();
    machine.step(0);
    machine.use('hypervisor').start(0, { nip: WORK, r3: 0n, ile: false });
    vcpu.setReg('msr', msr);
    machine.use('hypervisor').resets.latch(0);
    call(0, TOKENS.OS_TERM, [0], 1);
    expect(complaints).toEqual(said);
  });

  it.each([
    ['before it has the interlock', 0, -1, /ME was 1 and this vCPU did not hold the interlock/],
    ['while another has it', 0, 1, /ME was 1 and this vCPU did not hold the interlock/],
    ['that has it for this very check', 1, -1, /held the interlock only for a check of a kernel that is gone/],
  ])('sees a checkstop of a vCPU %s', (_what, steps, holder, words) => {
    const { machine, complaints } = struck();
    if (holder >= 0) machine.use('fwnmi').interlock.tryTake(holder);
    for (let i = 0; i < steps; i++) machine.step(0);
    machine.stop('checkstop', 0);
    expect(complaints).toEqual([expect.stringMatching(words)]);
  });

  it('looks at ME where the check struck that stops the machine, not the one before', () => {
    const { machine, vcpu, complaints } = struck({ unreported: true });
    machine.step(0);
    vcpu.setReg('msr', MSR.SF);
    machine.use('hypervisor').checks.latch(0, { kind: 'slb-multihit', recovered: false, address: 0n });
    expect([machine.stopped?.reason, complaints]).toEqual(['checkstop', []]);
  });

  it('lets firmware reboot a partition that the profile has rebooted', () => {
    const { machine, complaints } = struck({ unregistered: true, options: { unregistered: 'reboot' } });
    expect([machine.stopped?.reason, complaints]).toEqual(['reboot', []]);
  });

  it.each([
    ['machine-reset', 0],
    ['reboot', 1],
    ['whatever', 1],
  ])('of the reasons that are nobody’s panic: %s', (reason, complaints) => {
    const made = struck();
    made.machine.bus.emit('stop', { agent: 0, reason });
    expect(made.complaints).toHaveLength(complaints);
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

  it.each([
    ['that has what it kept there no more', () => {}, true],
    ['that got it back', ({ vcpu }) => vcpu.setReg('sprg2', 0n), false],
    ['that got it back and lost it again', lostTwice, true],
    ['that had it no more when the next check struck', (made) => survive(made), true],
    ['that got it back from the next check', (made) => survive(made, 0n), false],
    ['that stopped, and was started again', startedAgain, false],
    ['that was reset', ({ machine }) => machine.bus.emit('vcpuReset', { agent: 0 }), false],
    ['that went to another kernel', ({ machine }) => machine.bus.emit('kernelReplaced', { agent: 0 }), false],
  ] satisfies [string, (made: ReturnType<typeof struck>) => unknown, boolean][])(
    'names the guest while SPRG2 is lost, not for ever: a vCPU %s',
    (_what, then, named) => {
      const made = struck({ options: { sprg2: 'shared' }, persistent: ['sprg2'], unreported: true });
      handle(made, 5n);
      then(made);
      expect(guestNamed(made)).toBe(named);
    },
  );

  it('does not name the guest that gets SPRG2 back from the routine, whatever was lost in there', () => {
    const made = struck({ options: { sprg2: 'shared' }, persistent: ['sprg2'], unreported: true });
    made.machine.step(0);
    made.machine.step(0);
    made.vcpu.setReg('sprg2', 9n);
    survive(made, 5n);
    made.vcpu.setReg('sprg2', 0n);
    made.machine.step(0);
    expect(guestNamed(made)).toBe(false);
  });

  it('sees a vCPU that one check strikes again and again, though it is on its way to the routine', () => {
    const { machine, vcpu, bottoms } = struck({ options: { holderCheck: 'nothing' } });
    const { checks } = machine.use('hypervisor');
    const handle = () => {
      machine.step(0); // deliver
      machine.step(0); // lwz
      vcpu.setGpr(3, 0x1122n);
      vcpu.setGpr(5, 0n);
      machine.step(0); // rfid
    };
    handle();
    checks.latch(0, { kind: 'slb-multihit', recovered: false, address: 0n, synchronous: true });
    expect(bottoms()).toEqual(['noDeadlock']);
    handle();
    machine.step(0); // executes the same instruction, and is struck
    expect(checks.unrepaired(0)).toBe(true);
    expect(bottoms()).toEqual(['justifiedStop', 'noDeadlock']);
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
