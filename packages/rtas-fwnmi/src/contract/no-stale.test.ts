import { assemble } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { bench, patient } from '../testing.ts';
import { TOKENS } from '../tokens.ts';
import { ROUTINE, struck, WORK } from './spoilt.fixture.ts';

describe('noStale', () => {
  const SECOND = 0x4100;
  const again = (routine: number) => {
    const made = struck();
    const { machine, vcpu } = made;
    machine.ram.writeBytes(SECOND, assemble('rfid', { origin: SECOND, endian: 'big' }).bytes);
    made.call(1, TOKENS.NMI_REGISTER, [0x3000, routine], 1);
    return { ...made, deliver: () => machine.step(0), enter: (nip: number) => void vcpu.setReg('nip', BigInt(nip)) };
  };
  const stale = (complaints: readonly string[]) => complaints.filter((text) => text.startsWith('noStale'));

  it('sees a check taken to a routine that was replaced before it was handed over', () => {
    const { machine, complaints, deliver, enter } = again(SECOND);
    deliver();
    enter(ROUTINE);
    machine.step(0);
    expect(stale(complaints)).toEqual([expect.stringMatching(/^noStale: a check of vcpu0 was taken to 0x4000/)]);
  });

  it('lets it go to the one that is registered', () => {
    const { machine, complaints, deliver, vcpu } = again(SECOND);
    deliver();
    expect(vcpu.nip).toBe(SECOND);
    machine.step(0);
    expect(complaints).toEqual([expect.stringMatching(/^resumeContext: r3/)]);
  });

  it('lets a vCPU finish that was on its way when the routine was replaced', () => {
    const { machine, complaints, call } = struck();
    const delivered: unknown[] = [];
    machine.bus.on('delivered', (event) => delivered.push(event));
    machine.step(0);
    call(1, TOKENS.NMI_REGISTER, [0x3000, SECOND], 1);
    machine.step(0);
    expect([delivered, complaints]).toEqual([[{ agent: 0, nip: BigInt(WORK) }], []]);
  });

  it.each([
    ['wrote its log', 'report', 'delivered'],
    ['made the routine its next instruction', 'enterRoutine', 'delivered'],
    ['did nothing', undefined, 'staleEntry'],
  ] as const)('has a check handed over once firmware %s', (_what, does, event) => {
    const { machine, vcpus, call } = bench({}, [patient()]);
    const { checks, start } = machine.use('hypervisor');
    const told: string[] = [];
    for (const name of ['delivered', 'staleEntry'] as const) machine.bus.on(name, () => told.push(name));
    start(1, { nip: WORK, r3: 0n, ile: false });
    call(0, TOKENS.NMI_REGISTER, [0x3000, ROUTINE], 1);
    checks.latch(0, { kind: 'slb-multihit', recovered: false, address: 0n });
    const firmware = machine.use('fwnmi');
    if (does === 'report') firmware.report(0, 0n);
    if (does === 'enterRoutine') firmware.enterRoutine(0);
    call(1, TOKENS.NMI_REGISTER, [0x3000, SECOND], 1);
    vcpus[0].nip = ROUTINE;
    machine.step(0);
    expect(told).toEqual([event]);
  });

  it('lets the routine that was replaced lead on to the one that is registered', () => {
    const { machine, complaints, call, vcpu } = struck();
    machine.step(0);
    call(1, TOKENS.NMI_REGISTER, [0x3000, SECOND], 1);
    machine.step(0);
    vcpu.nip = SECOND;
    machine.step(0);
    expect(complaints).toEqual([]);
  });

  it('goes by what is registered now, after an undo too', () => {
    const { machine, complaints, call, deliver, enter } = again(SECOND);
    const mark = machine.arena.mark();
    call(1, TOKENS.NMI_REGISTER, [0x3000, ROUTINE], 1);
    deliver();
    machine.step(0);
    expect(complaints).toEqual([]);
    machine.arena.undo(mark);
    deliver();
    enter(ROUTINE);
    machine.step(0);
    expect(stale(complaints)).toHaveLength(1);
  });

  it('remembers the last few that are gone', () => {
    const { machine, complaints, call, deliver, enter } = again(SECOND);
    for (const routine of [0x4200, 0x4300, 0x4400]) call(1, TOKENS.NMI_REGISTER, [0x3000, routine], 1);
    const mark = machine.arena.mark();
    deliver();
    enter(ROUTINE);
    machine.step(0);
    expect(stale(complaints)).toHaveLength(1);
    machine.arena.undo(mark);
    call(1, TOKENS.NMI_REGISTER, [0x3000, 0x4500], 1);
    deliver();
    enter(ROUTINE);
    machine.step(0);
    expect(stale(complaints)).toHaveLength(1);
  });

  it('lets the OS run code that was its routine once', () => {
    const { machine, complaints } = again(SECOND);
    machine.use('hypervisor').start(1, { nip: ROUTINE, r3: 0n, ile: false });
    machine.step(1);
    expect(complaints).toEqual([]);
  });

  it('hears of other code that is gone: a trampoline, a vector', () => {
    const { machine, complaints, vcpu } = struck();
    machine.bus.emit('registrationGone', { agent: 1, ranges: [{ start: WORK, end: WORK + 8 }] });
    machine.step(0);
    vcpu.nip = WORK + 4;
    machine.step(0);
    expect(stale(complaints)).toEqual([expect.stringMatching(/taken to 0x5004/)]);
  });

  it.each([
    ['deliverable', []],
    ['stale', [expect.stringMatching(/^noStale: .* taken to 0x4100, the routine of another kernel than it struck/)]],
  ] as const)(
    'judges a check of the kernel before, taken to the next one’s routine, as told: %s',
    (oldChecks, said) => {
      const { machine, complaints, call } = struck({ options: { oldChecks } });
      machine.bus.emit('kernelReplaced', { agent: 1 });
      call(1, TOKENS.NMI_REGISTER, [0x3000, SECOND], 1);
      machine.step(0);
      machine.step(0);
      expect(stale(complaints)).toEqual(said);
    },
  );

  it('sees a system reset taken to the routine of a kernel that is gone', () => {
    const { machine, complaints } = struck();
    const { resets } = machine.use('hypervisor');
    resets.latch(1);
    expect(complaints).toEqual([]);
    machine.bus.emit('kernelReplaced', { agent: 2 });
    resets.latch(1);
    expect(complaints).toEqual([expect.stringMatching(/^noStale: a system reset of vcpu1 was taken to 0x3000/)]);
  });

  it('sees what survives a reset of the machine', () => {
    const { machine, complaints } = struck();
    machine.bus.emit('machineReset', { agent: 0, left: [] });
    expect(complaints).toEqual([]);
    machine.bus.emit('machineReset', { agent: 0, left: ['interlock', 'registration'] });
    expect(complaints).toEqual([expect.stringMatching(/^noStale: .* not its own: interlock, registration$/)]);
  });

  it('sees the hypervisor write where the running kernel registered nothing', () => {
    const { machine, complaints } = struck();
    const write = { agent: 1, what: 'VPA', address: 0x6000, size: 640 } as const;
    machine.bus.emit('hypervisorWrite', { ...write, registered: true });
    expect(complaints).toEqual([]);
    machine.bus.emit('hypervisorWrite', { ...write, registered: false });
    expect(complaints).toEqual([expect.stringMatching(/^noStale: the hypervisor wrote 640 bytes at 0x6000 .* VPA/)]);
  });
});
