import type { Guest } from '@checkstop/hypervisor';
import { definePlugin, type Machine } from '@checkstop/kernel';
import { assemble, MSR, type Vcpu } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { machineCheckLog, writeErrorLog } from '../log/index.ts';
import { bench } from '../testing.ts';
import { TOKENS } from '../tokens.ts';

const WORK = 0x5000;
const ROUTINE = 0x4000;
const RUNNING = MSR.SF | MSR.ME | MSR.RI;
type Sabotage = (vcpu: Vcpu, ram: Machine['ram']) => void;
/** Where in a log the low byte of its first section's length is. */
const [FIXED_PART, EXTENDED_HEADER, LENGTH_LOW] = [8, 16, 3];

/** What a test spoils, and where: before the routine is entered, and before its rfid. */
interface Spoilt {
  readonly options?: Parameters<typeof bench>[0];
  readonly scratch?: Guest['sprgs']['scratch'];
  readonly msr?: bigint;
  readonly entry?: Sabotage;
  readonly exit?: Sabotage;
  /** What r3 held where the check struck. */
  readonly r3?: bigint;
  readonly persistent?: Guest['sprgs']['persistent'];
  /** The OS has not registered yet. */
  readonly unregistered?: boolean;
  /** The bytes of the log, where they are not firmware's. */
  readonly log?: Uint8Array;
  /** Writes no log and takes no interlock. */
  readonly unreported?: boolean;
}

/** A machine whose vCPU 0 was struck at work, and is inside the hypervisor on its way to the routine. */
function struck(spoilt: Spoilt = {}) {
  const {
    options,
    scratch = [],
    persistent = [],
    msr = RUNNING,
    entry,
    log,
    r3 = 0x1122n,
    unreported = false,
    unregistered = false,
  } = spoilt;
  const plugin = definePlugin({
    name: 'spoilt',
    version: '1.0.0',
    contract: 1,
    requires: ['hypervisor', 'fwnmi'],
    provides: ['delivery', 'guest'],
    setup(ctx) {
      const fwnmi = ctx.use('fwnmi');
      const deliver = ctx.use('hypervisor').steps({
        name: 'deliver',
        steps: {
          enter(c) {
            if (!unreported) {
              fwnmi.interlock.tryTake(c.agent);
              fwnmi.report(c.agent, c.vcpu.gpr(3), log && { log });
            }
            fwnmi.enterRoutine(c.agent);
            entry?.(c.vcpu, ctx.ram);
            return c.resume();
          },
        },
      });
      ctx.provide('delivery', { strike: () => (fwnmi.registration ? deliver : undefined) });
      ctx.provide('guest', {
        name: 'spoilt',
        entry: WORK,
        endian: 'big',
        symbols: new Map(),
        ready: WORK,
        work: { start: WORK, end: WORK + 8 },
        regions: { base: 0x8000, stride: 0x100 },
        levels: 4,
        sprgs: { persistent, scratch },
      });
    },
  });
  const made = bench(options, [plugin()]);
  const { machine, vcpus, call } = made;
  machine.use('hypervisor').start(1, { nip: WORK, r3: 0n, ile: false });
  machine.ram.writeBytes(WORK, assemble('ldarx 5,0,6\n nop', { origin: WORK, endian: 'big' }).bytes);
  machine.ram.writeBytes(ROUTINE, assemble('lwz 5,12(3)\n rfid', { origin: ROUTINE, endian: 'big' }).bytes);
  if (!unregistered) call(0, TOKENS.NMI_REGISTER, [0x3000, ROUTINE], 1);

  const complaints: string[] = [];
  for (const property of machine.properties)
    if (property.kind === 'event')
      for (const event of property.on)
        machine.bus.on(event, (payload) => {
          const complaint = property.check(payload, event);
          if (complaint) complaints.push(`${property.name}: ${complaint}`);
        });
  const bottoms = () => machine.properties.flatMap((p) => (p.kind === 'bottom' && p.check() ? [p.name] : []));

  const [vcpu] = vcpus;
  vcpu.setReg('nip', BigInt(WORK));
  vcpu.setReg('msr', msr);
  vcpu.setGpr(3, r3);
  vcpu.setGpr(6, 0x6000n);
  machine.use('hypervisor').checks.latch(0, { kind: 'slb-multihit', recovered: false, address: 0n });
  return { ...made, vcpu, complaints, bottoms };
}

/** Lets the check be delivered and the routine return; what the properties say. */
function complain(spoilt: Spoilt): readonly string[] {
  const { machine, vcpu, complaints } = struck(spoilt);
  machine.step(0); // deliver
  machine.step(0); // lwz
  vcpu.setGpr(3, 0x1122n);
  vcpu.setGpr(5, 0n);
  spoilt.exit?.(vcpu, machine.ram);
  machine.step(0); // rfid
  return complaints;
}

describe('a delivery that goes well', () => {
  it('is not complained about', () => {
    expect(complain({})).toEqual([]);
  });
});

describe('entryContract', () => {
  const entry = (sabotage: Sabotage, more: Spoilt = {}) =>
    complain({ ...more, entry: sabotage }).filter((text) => text.startsWith('entryContract'));

  it.each([
    ...(['cr', 'lr', 'ctr', 'xer', 'tar'] as const),
    ...(['vrsave', 'dscr', 'ctrl'] as const),
    ...(['sprg0', 'sprg1', 'sprg2', 'sprg3'] as const),
  ])('sees a lost %s', (name) => {
    const bit = 0x2000_0000n;
    expect(entry((vcpu) => vcpu.setReg(name, vcpu.reg(name) ^ bit))).toEqual([
      `entryContract: ${name.toUpperCase()} is 0x20000000, at the boundary it was 0x0`,
    ]);
  });

  it('leaves alone what a machine check may change, and what is the hypervisor’s', () => {
    for (const name of ['dar', 'dsisr', 'hsrr0', 'hsrr1', 'heir', 'dec', 'tb'] as const)
      expect(entry((vcpu) => vcpu.setReg(name, 0xbadn))).toEqual([]);
  });

  it('sees every lost general register', () => {
    for (const n of [...Array(32).keys()].filter((r) => r !== 3))
      expect(entry((vcpu) => vcpu.setGpr(n, 0xbadn))[0]).toContain(`r${n} is 0xbad`);
  });

  it.each([
    ['r3 outside RTAS space', (vcpu: Vcpu) => vcpu.setGpr(3, 0x3000n), /no 16-byte-aligned buffer/],
    ['r3 not aligned', (vcpu: Vcpu) => vcpu.setGpr(3, vcpu.gpr(3) + 8n), /no 16-byte-aligned buffer/],
    ['r3 beyond 32 bits', (vcpu: Vcpu) => vcpu.setGpr(3, vcpu.gpr(3) + (1n << 40n)), /no 16-byte-aligned buffer/],
    ['another buffer', (vcpu: Vcpu) => vcpu.setGpr(3, vcpu.gpr(3) + 0x100n), /first doubleword is 0xa5a5a5a5/],
    ['SRR0', (vcpu: Vcpu) => vcpu.setReg('srr0', 0x210n), /SRR0 is 0x210/],
    ['SRR1', (vcpu: Vcpu) => vcpu.setReg('srr1', vcpu.reg('srr1') | MSR.PR), /SRR1 \(outside the cause bits\)/],
    ['the MSR', (vcpu: Vcpu) => vcpu.setReg('msr', RUNNING), /MSR is .* should be/],
  ] as const)('sees %s', (_what, sabotage, words) => {
    expect(entry(sabotage)).toEqual([expect.stringMatching(words)]);
  });

  it('lets SRR1[RI] read 0 for 1, never 1 for 0', () => {
    expect(entry((vcpu) => vcpu.setReg('srr1', vcpu.reg('srr1') & ~MSR.RI))).toEqual([]);
    const claimed = entry((vcpu) => vcpu.setReg('srr1', vcpu.reg('srr1') | MSR.RI), { msr: MSR.SF | MSR.ME });
    expect(claimed).toEqual(['entryContract: SRR1[RI] is 1, at the boundary MSR[RI] was 0']);
  });

  it.each([
    ['it is shared', { options: { sprg2: 'shared' } }],
    ['the guest has it for scratch', { scratch: ['sprg2'] }],
    ['the boundary had RI=0', { msr: MSR.SF | MSR.ME }],
  ] as const)('excuses SPRG2 where %s', (_why, more) => {
    expect(entry((vcpu) => vcpu.setReg('sprg2', 5n), more)).toEqual([]);
  });

  it('sees a log whose sections a reader would walk for ever', () => {
    const log = writeErrorLog(machineCheckLog({ severity: 3, recovered: false, error: { type: 'd-cache' } }));
    log[FIXED_PART + EXTENDED_HEADER + LENGTH_LOW] = 0;
    expect(complain({ log })).toEqual([
      expect.stringMatching(/^entryContract: the log at r3\+8 can't be read: the section at byte 0 .* is 0 bytes long/),
    ]);
  });

  it('sees a log that says it is longer than RTAS space', () => {
    const log = Uint8Array.of(6, 0x74, 0x10, 0, 0xff, 0xff, 0xff, 0xff);
    expect(complain({ log })).toEqual([expect.stringMatching(/^entryContract: .* can't be read: the extended part/)]);
  });

  it('lets a log have no extended part, at the end of RTAS space as well', () => {
    const last = 0x1_0000 - 16;
    const log = Uint8Array.of(6, 0x70, 0x10, 0, 0, 0, 0, 0);
    expect(complain({ log })).toEqual([]);
    const put = (address: number) => (vcpu: Vcpu, ram: Machine['ram']) => {
      ram.writeU64(address, 0x1122n, 'big');
      ram.writeBytes(address + 8, log.subarray(0, Math.min(8, 0x1_0000 - address - 8)));
      vcpu.setGpr(3, BigInt(address));
    };
    expect(complain({ log, entry: put(last) })).toEqual([]);
    expect(complain({ log, entry: put(last - 8) })).toEqual([expect.stringMatching(/no 16-byte-aligned buffer/)]);
  });

  it('sees what goes beyond the last valid address', () => {
    const beyond = (vcpu: Vcpu) => vcpu.setGpr(3, 0x1_0000n);
    expect(entry(beyond)).toEqual([expect.stringMatching(/no 16-byte-aligned buffer/)]);
  });

  it.each([0xc000_0000_0000_1234n, 0xffff_ffff_ffff_ffffn])(
    'has an interrupted r3 of 0x%x in the buffer whole',
    (r3) => {
      const made = struck({ r3 });
      made.machine.step(0);
      const buffer = Number(made.vcpu.gpr(3));
      expect(made.machine.ram.readU64(buffer, 'big')).toBe(r3);
      made.machine.step(0);
      expect(made.complaints).toEqual([]);
    },
  );

  it('sees a buffer whose address has its top bits set, though the OS may mask them', () => {
    expect(entry((vcpu) => vcpu.setGpr(3, vcpu.gpr(3) | (3n << 62n)))).toEqual([
      expect.stringMatching(/r3 is 0xc0000000.*no 16-byte-aligned buffer/),
    ]);
  });

  it('excuses no other SPRG for being scratch', () => {
    expect(entry((vcpu) => vcpu.setReg('sprg1', 5n), { scratch: ['sprg1'] })).toHaveLength(1);
  });
});

describe('resumeContext', () => {
  it.each([
    ['NIP', (vcpu: Vcpu) => vcpu.setReg('srr0', BigInt(WORK + 4)), /NIP is 0x5004/],
    ['MSR', (vcpu: Vcpu) => vcpu.setReg('srr1', vcpu.reg('srr1') | MSR.EE), /MSR is/],
    ['r3', (vcpu: Vcpu) => vcpu.setGpr(3, 0xbadn), /r3 is 0xbad/],
    ['CTR', (vcpu: Vcpu) => vcpu.setReg('ctr', 5n), /CTR is 0x5/],
    ['TAR', (vcpu: Vcpu) => vcpu.setReg('tar', 5n), /TAR is 0x5/],
    ['VRSAVE', (vcpu: Vcpu) => vcpu.setReg('vrsave', 5n), /VRSAVE is 0x5/],
    ['SPRG2', (vcpu: Vcpu) => vcpu.setReg('sprg2', 5n), /SPRG2 is 0x5/],
  ] as const)('sees another %s', (_what, exit, words) => {
    expect(complain({ exit })).toEqual([expect.stringMatching(words)]);
  });

  it('leaves out what the guest declares dead', () => {
    expect(complain({ scratch: ['sprg1'], exit: (vcpu) => vcpu.setReg('sprg1', 5n) })).toEqual([]);
  });

  it('sees a reservation that survived', () => {
    const { machine, vcpu, complaints } = struck();
    machine.step(0, 0);
    machine.ram.writeBytes(ROUTINE + 4, assemble('ldarx 5,0,6\n rfid', { origin: ROUTINE, endian: 'big' }).bytes);
    machine.step(0);
    machine.step(0);
    vcpu.setGpr(3, 0x1122n);
    vcpu.setGpr(5, 0n);
    machine.step(0);
    expect(complaints).toEqual([expect.stringMatching(/^resumeContext: a reservation/)]);
  });
});

describe('noFalseResume', () => {
  it('sees a return to where RI was 0', () => {
    expect(complain({ msr: MSR.SF | MSR.ME })).toEqual([expect.stringMatching(/^noFalseResume: resumed at 0x5000/)]);
  });
});

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

  it('before the OS registers: it was taken to 0x200, and is not reported afterwards', () => {
    const made = struck({ unregistered: true });
    const told = ends(made);
    const { checks } = made.machine.use('hypervisor');
    expect([made.vcpu.nip, checks.pending(0)?.kind]).toEqual([0x200, 'slb-multihit']);
    made.call(1, TOKENS.NMI_REGISTER, [0x3000, ROUTINE], 1);
    expect(checks.pending(0)).toBeUndefined();
    expect(told).toEqual([
      ['checkDropped', { agent: 0, nip: BigInt(WORK), recoverable: true, reason: 'unregistered' }],
    ]);
    startAgain(made);
    expect([told.length, made.complaints]).toEqual([1, []]);
  });

  it('stays pending when another routine is registered', () => {
    const { machine, call } = struck();
    call(1, TOKENS.NMI_REGISTER, [0x3000, 0x4100], 1);
    expect(machine.use('hypervisor').checks.pending(0)?.kind).toBe('slb-multihit');
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

  it('sees the hypervisor write where the running kernel registered nothing', () => {
    const { machine, complaints } = struck();
    const write = { agent: 1, what: 'VPA', address: 0x6000, size: 640 } as const;
    machine.bus.emit('hypervisorWrite', { ...write, registered: true });
    expect(complaints).toEqual([]);
    machine.bus.emit('hypervisorWrite', { ...write, registered: false });
    expect(complaints).toEqual([expect.stringMatching(/^noStale: the hypervisor wrote 640 bytes at 0x6000 .* VPA/)]);
  });
});

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

  it('sees a routine that reads a log that is nobody’s', () => {
    const { machine, complaints } = struck({ unreported: true });
    machine.step(0);
    machine.step(0);
    expect(complaints.filter((text) => text.startsWith('ownLog'))).toEqual([
      expect.stringMatching(/belongs to nobody/),
    ]);
  });
});

describe('deliveredAndResumed', () => {
  it('wants every instruction of the work on every vCPU, and counts where RI was 1', () => {
    const { machine } = struck();
    const goal = machine.properties.find((property) => property.kind === 'goal');
    if (goal?.kind !== 'goal') throw new Error('there is no goal');
    expect(goal.goals()).toHaveLength(3 * 2);
    const reached: (string | undefined)[] = [];
    machine.bus.on('resumed', (payload) => reached.push(goal.reach(payload, 'resumed')));
    for (let i = 0; i < 3; i++) machine.step(0);
    expect(reached).toEqual(['vcpu0 0x5000']);
    expect(goal.goals()).toContain('vcpu0 0x5000');
  });
});
