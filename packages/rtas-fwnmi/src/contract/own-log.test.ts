import { describe, expect, it } from 'vitest';
import { TOKENS } from '../tokens.ts';
import { ROUTINE, struck } from './spoilt.fixture.ts';

describe('ownLog', () => {
  it('forgets a log whose interlock another vCPU gave back', () => {
    const { machine, call, vcpu, complaints } = struck({ options: { byNonHolder: 'release', poisonLog: false } });
    const { interlock, enterRoutine } = machine.use('fwnmi');
    machine.arena.disown();
    machine.step(0);
    call(1, TOKENS.NMI_INTERLOCK, [], 1);
    machine.step(0);
    machine.step(0); // rfid
    complaints.length = 0;
    // The next check has the same number, and whoever delivers it writes no log.
    machine.bus.emit('check', { agent: 0, kind: 'slb-multihit', recovered: false });
    interlock.tryTake(0);
    enterRoutine(0);
    machine.step(0);
    expect(vcpu.nip).toBe(ROUTINE + 4);
    expect(complaints.filter((text) => text.startsWith('ownLog'))).toHaveLength(1);
  });

  it.each([true, false])('knows whose log is in the buffer that a search finds held: its holder’s %s', (isOwn) => {
    const { machine, complaints } = struck();
    machine.step(0);
    if (!isOwn) machine.bus.emit('logWritten', { agent: 1, buffer: 0 });
    machine.arena.disown();
    machine.step(0);
    expect(complaints.some((text) => text.startsWith('ownLog'))).toBe(!isOwn);
  });

  it('forgets a log whose registration ended', () => {
    const { machine, call, complaints } = struck({ options: { deregister: true, poisonLog: false } });
    machine.step(0);
    call(1, TOKENS.NMI_DEREGISTER, [], 1);
    machine.step(0);
    expect(complaints).toEqual([expect.stringMatching(/^ownLog: .* belongs to nobody/)]);
  });

  it.each([
    ['has given back itself', true, 0],
    ['has lost without a word', false, 1],
  ])('says of a routine that reads on in a log that it %s', (_what, released, said) => {
    const { machine, call, vcpu, complaints } = struck({ options: { poisonLog: false } });
    machine.step(0);
    machine.step(0); // the routine reads what is its own
    expect(complaints).toEqual([]);
    if (released) call(0, TOKENS.NMI_INTERLOCK, [], 1);
    else machine.bus.emit('interlockLost', { agent: 1, holder: 0 });
    vcpu.setReg('nip', BigInt(ROUTINE));
    vcpu.setGpr(3, BigInt(machine.use('fwnmi').buffer));
    machine.step(0);
    expect(complaints.filter((text) => text.startsWith('ownLog'))).toHaveLength(said);
  });

  it.each([
    ['everybody’s', false],
    ['its holder’s', true],
  ])('tells a check from the one before, whose log is still there, in a buffer that is %s', (_whose, isHolders) => {
    const { machine, complaints } = struck();
    if (isHolders) machine.arena.disown();
    machine.step(0);
    machine.step(0);
    expect(complaints).toEqual([]);
    // The next strikes in the routine, and whoever delivers it writes no log.
    machine.bus.emit('check', { agent: 0, kind: 'slb-multihit', recovered: false });
    machine.use('fwnmi').enterRoutine(0);
    machine.step(0);
    expect(complaints.filter((text) => text.startsWith('ownLog'))).toEqual([
      expect.stringMatching(/^ownLog: vcpu0 read .* of the log, which belongs to/),
    ]);
  });

  it('sees a routine that reads a log that is nobody’s', () => {
    const { machine, complaints } = struck({ unreported: true });
    machine.step(0);
    machine.step(0);
    expect(complaints.filter((text) => text.startsWith('ownLog'))).toEqual([
      expect.stringMatching(/belongs to nobody/),
    ]);
  });

  it('sees a system reset that leaves r3 over any byte of a log, and no other', () => {
    const { machine, complaints } = struck({ options: { layout: 'qemu', buffer: 0x30 } });
    machine.step(0);
    const start = machine.use('fwnmi').buffer + 8;
    const end = start + 64;
    const saidOf = (address: number) => {
      complaints.length = 0;
      machine.bus.emit('resetSaved', { agent: 1, address });
      return complaints.length;
    };
    expect([start - 16, start - 15, start, end - 1, end].map(saidOf)).toEqual([0, 1, 1, 1, 0]);
  });
});
