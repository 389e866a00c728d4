import { injectChecks } from '@checkstop/hypervisor';
import { assemble, MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { TOKENS } from '../tokens.ts';
import { ROUTINE, RUNNING, struck, WORK } from './spoilt.fixture.ts';

describe('delivered', () => {
  it('sees an entry without a check, and a return from a check that the routine never saw', () => {
    const stray = struck();
    stray.machine.use('hypervisor').start(1, { nip: ROUTINE, r3: 0n, ile: false });
    stray.machine.step(1);
    expect(stray.complaints).toEqual([expect.stringMatching(/^delivered: .* entered on vcpu1 without a check/)]);

    const bypassed = struck({ entry: (vcpu) => vcpu.setReg('nip', BigInt(ROUTINE + 4)) });
    bypassed.machine.step(0);
    bypassed.machine.step(0);
    expect(bypassed.complaints).toEqual([expect.stringMatching(/^delivered: vcpu0 returned from a machine check/)]);
  });
});

describe('a check that struck', () => {
  it('is lost where its vCPU goes to sleep without having been to the routine', () => {
    const made = struck({ entry: (vcpu) => vcpu.setReg('nip', 0x1000n) });
    made.machine.step(0);
    made.vcpu.setGpr(3, 0xe0n);
    for (let i = 0; i < 2; i++) made.machine.step(0);
    expect(made.machine.use('hypervisor').mode(0)).toBe('ceded');
    expect(made.bottoms()).toEqual(expect.arrayContaining(['delivered', 'noDeadlock']));
  });
});

describe('a system reset', () => {
  it('is the OS’s own where none has registered', () => {
    const { machine, vcpu, complaints } = struck({ unregistered: true });
    const hypervisor = machine.use('hypervisor');
    machine.ram.writeBytes(0x100, assemble('rfid', { origin: 0x100, endian: 'big' }).bytes);
    hypervisor.start(0, { nip: WORK, r3: 0n, ile: false });
    vcpu.setReg('msr', RUNNING);
    hypervisor.resets.latch(0);
    vcpu.setReg('ctr', 5n);
    machine.step(0);
    expect([vcpu.nip, complaints]).toEqual([WORK, []]);
  });
});

describe('a check that ends otherwise', () => {
  /** What becomes of checks from now on: event, then the boundary. */
  const ends = ({ machine }: ReturnType<typeof struck>) => {
    const told: unknown[] = [];
    for (const event of ['resumed', 'bypassed', 'checkStopped', 'checkAborted', 'checkDropped'] as const)
      machine.bus.on(event, (payload) => told.push([event, payload]));
    return told;
  };
  /** Starts vCPU 0 again, at an rfid that goes to the work. */
  const startAgain = ({ machine, vcpu }: ReturnType<typeof struck>) => {
    machine.use('hypervisor').start(0, { nip: ROUTINE + 4, r3: 0n, ile: false });
    vcpu.setReg('srr0', BigInt(WORK));
    machine.step(0);
  };

  it('with its vCPU, by stop-self in the routine, is forgotten when that is started again', () => {
    const made = struck();
    const told = ends(made);
    made.machine.step(0);
    made.machine.step(0);
    made.call(0, TOKENS.STOP_SELF, [], 0);
    const over = ['checkStopped', { agent: 0, nip: BigInt(WORK), reason: 'stop-self' }];
    expect([made.machine.use('hypervisor').mode(0), told]).toEqual(['stopped', [over]]);
    startAgain(made);
    expect([told, made.complaints]).toEqual([[over], []]);
  });

  it('aborted, because its vCPU is started afresh', () => {
    const made = struck();
    const told = ends(made);
    made.machine.step(0);
    startAgain(made);
    expect([told, made.complaints]).toEqual([[['checkAborted', { agent: 0, nip: BigInt(WORK) }]], []]);
  });

  it('with the machine', () => {
    const made = struck();
    const told = ends(made);
    made.machine.stop('power-off', 0);
    expect(told).toEqual([['checkStopped', { agent: 0, nip: BigInt(WORK), reason: 'power-off' }]]);
  });

  it('with its vCPU, in a reset of the machine', () => {
    const made = struck();
    const told = ends(made);
    made.machine.bus.emit('vcpuReset', { agent: 0 });
    expect(told).toEqual([['checkAborted', { agent: 0, nip: BigInt(WORK) }]]);
  });

  it('dropped by firmware, after which the interrupted code goes on', () => {
    const made = struck({ entry: (vcpu) => vcpu.setReg('nip', BigInt(ROUTINE + 4)) });
    made.machine.step(0);
    made.machine.bus.emit('checkDropped', { agent: 0, nip: BigInt(WORK), recoverable: true });
    made.machine.step(0);
    expect([made.vcpu.nip, made.complaints]).toEqual([WORK, []]);
  });

  it('before the OS registers: it was taken to 0x200, and is not reported afterwards', () => {
    const made = struck({ unregistered: true });
    const told = ends(made);
    const { checks } = made.machine.use('hypervisor');
    expect([made.vcpu.nip, checks.pending(0)]).toEqual([0x200, undefined]);
    made.call(1, TOKENS.NMI_REGISTER, [0x3000, ROUTINE], 1);
    expect([checks.pending(0), told]).toEqual([undefined, []]);
    startAgain(made);
    expect([told, made.complaints]).toEqual([[['checkAborted', { agent: 0, nip: BigInt(WORK) }]], []]);
  });

  it('stays pending when another routine is registered', () => {
    const { machine, call } = struck();
    call(1, TOKENS.NMI_REGISTER, [0x3000, 0x4100], 1);
    expect(machine.use('hypervisor').checks.pending(0)?.kind).toBe('slb-multihit');
  });

  it('stays the OS’s own when a routine is registered meanwhile', () => {
    const made = struck({ unregistered: true });
    made.machine.ram.writeBytes(0x200, assemble('rfid', { origin: 0x200, endian: 'big' }).bytes);
    made.call(1, TOKENS.NMI_REGISTER, [0x3000, ROUTINE], 1);
    made.machine.step(0);
    expect([made.vcpu.nip, made.complaints]).toEqual([WORK, []]);
  });

  it.each([
    ['firmware leaves it to 0x200', ({ machine }) => machine.bus.emit('architectedCheck', { agent: 0 })],
    ['its kernel was replaced', ({ machine }) => machine.bus.emit('kernelReplaced', { agent: 1 })],
    ['its kernel deregistered', ({ call }) => call(1, TOKENS.NMI_DEREGISTER, [], 1)],
  ] satisfies [string, (made: ReturnType<typeof struck>) => void][])('is the OS’s own where %s', (_what, happens) => {
    const made = struck({ options: { deregister: true }, entry: (vcpu) => vcpu.setReg('nip', BigInt(ROUTINE + 4)) });
    happens(made);
    made.call(1, TOKENS.NMI_REGISTER, [0x3000, 0x4100], 1);
    made.machine.step(0);
    made.machine.step(0);
    expect([made.vcpu.nip, made.complaints]).toEqual([WORK, []]);
  });

  it('is aborted where its own vCPU goes to another kernel', () => {
    const made = struck();
    const told = ends(made);
    made.machine.step(0);
    made.machine.bus.emit('kernelReplaced', { agent: 0 });
    expect(told).toEqual([['checkAborted', { agent: 0, nip: BigInt(WORK) }]]);
  });

  it('is the OS’s own where none has registered', () => {
    const made = struck({ unregistered: true });
    made.machine.ram.writeBytes(0x200, assemble('rfid', { origin: 0x200, endian: 'big' }).bytes);
    const told = ends(made);
    made.machine.step(0);
    expect([made.vcpu.nip, told, made.complaints]).toEqual([WORK, [], []]);
    made.call(1, TOKENS.NMI_REGISTER, [0x3000, ROUTINE], 1);
    made.vcpu.nip = ROUTINE;
    made.machine.step(0);
    expect(made.complaints).toEqual([expect.stringMatching(/^delivered: .* without a check/)]);
  });
});

describe('other interrupts in the routine', () => {
  it('come back there: only the return that leaves it resumes what the check interrupted', () => {
    const made = struck();
    const { machine, vcpu } = made;
    machine.ram.writeBytes(ROUTINE, assemble('nop\n sc 0\n rfid', { origin: ROUTINE, endian: 'big' }).bytes);
    machine.ram.writeBytes(0xc00, assemble('rfid', { origin: 0xc00, endian: 'big' }).bytes);
    const resumed: unknown[] = [];
    machine.bus.on('resumed', () => resumed.push(vcpu.nip));
    for (let i = 0; i < 4; i++) machine.step(0); // delivery, nop, sc, rfid
    expect([vcpu.nip, resumed]).toEqual([ROUTINE + 8, []]);
    vcpu.setReg('srr0', BigInt(WORK));
    vcpu.setReg('srr1', RUNNING);
    vcpu.setGpr(3, 0x1122n);
    machine.step(0);
    expect([resumed, made.complaints]).toEqual([[WORK], []]);
  });
});

describe('deliveredAndResumed', () => {
  const goalOf = ({ machine }: ReturnType<typeof struck>) => {
    const goal = machine.properties.find((property) => property.kind === 'goal');
    if (goal?.kind !== 'goal') throw new Error('there is no goal');
    return goal;
  };

  it('wants every instruction of the work on every vCPU, and counts where RI was 1', () => {
    const made = struck();
    const { machine } = made;
    const goal = goalOf(made);
    expect(goal.goals()).toHaveLength(3 * 2);
    const reached: (string | undefined)[] = [];
    machine.bus.on('resumed', (payload) => reached.push(goal.reach(payload, 'resumed')));
    for (let i = 0; i < 3; i++) machine.step(0);
    expect(reached).toEqual(['vcpu0 0x5000']);
    expect(goal.goals()).toContain('vcpu0 0x5000');
  });

  it('counts no boundary outside the work, and none where RI was 0', () => {
    const reached = (made: ReturnType<typeof struck>, nip: number) =>
      goalOf(made).reach({ agent: 0, nip: BigInt(nip) }, 'resumed');
    const made = struck();
    expect([WORK - 4, WORK, WORK + 4, WORK + 8].map((nip) => reached(made, nip))).toEqual([
      undefined,
      'vcpu0 0x5000',
      'vcpu0 0x5004',
      undefined,
    ]);
    expect(reached(struck({ msr: MSR.SF | MSR.ME }), WORK)).toBeUndefined();
  });

  it('wants those alone before which a check can strike, but all if there are none', () => {
    const made = struck({ plugins: [injectChecks({ arrival: 'sync' })] });
    const agents = [0, 1, 2];
    expect(goalOf(made).goals()).toEqual(agents.map((agent) => `vcpu${agent} 0x5000`));
    made.machine.ram.writeBytes(WORK, assemble('nop', { origin: WORK, endian: 'big' }).bytes);
    expect(goalOf(made).goals()).toHaveLength(2 * agents.length);
  });
});
