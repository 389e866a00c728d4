import { assemble } from '@checkstop/ppc-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bench, patient } from './testing.ts';
import { TOKENS } from './tokens.ts';

const MIB = 1 << 20;

describe('ibm,nmi-register', () => {
  it('registers both routines, and again overwrites', () => {
    const { machine, call } = bench();
    const told: unknown[] = [];
    machine.bus.on('registered', (event) => told.push(event));
    expect(machine.use('fwnmi').registration).toBeUndefined();
    expect(call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1)).toEqual([0]);
    expect(machine.use('fwnmi').registration).toEqual({ systemReset: 0x3000, machineCheck: 0x4000 });
    expect(call(0, TOKENS.NMI_REGISTER, [0x3004, 0x4004], 1)).toEqual([0]);
    expect(machine.use('fwnmi').registration).toEqual({ systemReset: 0x3004, machineCheck: 0x4004 });
    expect(told).toEqual([
      { agent: 0, systemReset: 0x3000, machineCheck: 0x4000 },
      { agent: 0, systemReset: 0x3004, machineCheck: 0x4004 },
    ]);
  });

  it('refuses what is not below the bound it is given', () => {
    const { call } = bench({ registerBelow: 0x5000 });
    expect(call(0, TOKENS.NMI_REGISTER, [0x3000, 0x5000], 1)).toEqual([-3]);
    expect(call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4ffc], 1)).toEqual([0]);
  });

  it('refuses either address from exactly 32 MiB on, though there is RAM', () => {
    const { call } = bench({}, [], 33 * MIB);
    expect(call(0, TOKENS.NMI_REGISTER, [32 * MIB, 0x4000], 1)).toEqual([-3]);
    expect(call(0, TOKENS.NMI_REGISTER, [0x3000, 32 * MIB], 1)).toEqual([-3]);
    expect(call(0, TOKENS.NMI_REGISTER, [32 * MIB - 4, 32 * MIB - 4], 1)).toEqual([0]);
  });

  it.each([
    ['behind the end of RAM', [0x3000, 0x10000]],
    ['the reset routine at 32 MiB', [32 * MIB, 0x4000]],
    ['with its top bit set', [0x3000, 0x8000_0000]],
  ])('refuses an address %s', (_what, args) => {
    const { machine, call } = bench();
    expect(call(0, TOKENS.NMI_REGISTER, args, 1)).toEqual([-3]);
    expect(machine.use('fwnmi').registration).toBeUndefined();
  });
});

describe('registering again', () => {
  it.each([
    ['keeps', 1],
    ['releases', -1],
  ] as const)('%s an interlock that is held', (registering, holder) => {
    const { machine, call } = bench({ registering });
    const { interlock } = machine.use('fwnmi');
    const released: unknown[] = [];
    machine.bus.on('interlockReleased', (event) => released.push(event));
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    expect(released).toEqual([]);
    interlock.tryTake(1);
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    expect([interlock.holder, released]).toEqual([holder, holder === -1 ? [{ agent: 0, holder: 1 }] : []]);
  });

  it('counts generations modulo 4, ends of registrations among them', () => {
    const { machine, call } = bench({ deregister: true });
    const fwnmi = machine.use('fwnmi');
    const after = (token: number, args: number[]) => {
      call(0, token, args, 1);
      return fwnmi.generation;
    };
    const register = () => after(TOKENS.NMI_REGISTER, [0x3000, 0x4000]);
    const deregister = () => after(TOKENS.NMI_DEREGISTER, []);
    expect([fwnmi.generation, register(), deregister(), register(), register(), register()]).toEqual([
      0, 1, 2, 3, 0, 1,
    ]);
  });
});

describe('entering the registered routine', () => {
  it('is seen wherever it is registered now, after an undo too', () => {
    const { machine, vcpus, call } = bench();
    const { arena } = machine;
    const seen: number[] = [];
    machine.bus.on('strayEntry', () => seen.push(vcpus[0].nip));
    const enter = (address: number) => {
      vcpus[0].nip = address;
      machine.step(0);
    };
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0xffff], 1);
    const before = arena.snapshot();
    const mark = arena.mark();
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    enter(0x4000);
    enter(0xfffc);
    expect(seen).toEqual([0x4000]);
    arena.undo(mark);
    enter(0x4000);
    enter(0xfffc);
    expect(seen).toEqual([0x4000, 0xfffc]);
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    arena.restore(before);
    enter(0x4000);
    enter(0xfffc);
    expect(seen).toEqual([0x4000, 0xfffc, 0xfffc]);
  });

  it('is seen where a registration was lost without a word, until the OS registers again', () => {
    const { machine, vcpus, call } = bench({ deregister: true });
    const { sections } = machine.use('hypervisor');
    const seen: number[] = [];
    machine.bus.on('strayEntry', () => seen.push(vcpus[0].nip));
    const enter = (address: number) => {
      vcpus[0].nip = address;
      machine.step(0);
    };
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    sections.find(({ name }) => name === 'registration')?.clear(0);
    expect(machine.use('fwnmi').registration).toBeUndefined();
    enter(0x4000);
    expect(seen).toEqual([0x4000]);
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4100], 1);
    call(0, TOKENS.NMI_DEREGISTER, [], 1);
    enter(0x4000);
    enter(0x4100);
    expect(seen).toEqual([0x4000]);
  });

  it('is seen on another machine, to which the state of this one is brought', () => {
    const registered = bench();
    registered.call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    const { machine, vcpus } = bench();
    const seen: unknown[] = [];
    machine.bus.on('strayEntry', (event) => seen.push(event));
    machine.arena.restore(registered.machine.arena.snapshot());
    vcpus[0].nip = 0x4000;
    machine.step(0);
    expect(seen).toEqual([{ agent: 0 }]);
  });
});

describe('ibm,nmi-interlock', () => {
  const registered = (options: Parameters<typeof bench>[0] = {}) => {
    const made = bench(options);
    made.call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    return { ...made, interlock: made.machine.use('fwnmi').interlock };
  };

  it('without a registration is a parameter error', () => {
    expect(bench().call(0, TOKENS.NMI_INTERLOCK, [], 1)).toEqual([-3]);
  });

  it('from its holder gives it back and wakes one waiter', () => {
    const { machine, call, interlock } = registered();
    expect(interlock.tryTake(0)).toBe(true);
    expect(interlock.tryTake(1)).toBe(false);
    interlock.released.add(1);
    interlock.released.add(2);
    expect(call(0, TOKENS.NMI_INTERLOCK, [], 1)).toEqual([0]);
    expect(interlock.holder).toBe(-1);
    expect(interlock.released.waiters).toBe(0b100);
    expect(machine.lanes.find(({ name }) => name === 'interlock')?.value()).toBe('-');
  });

  it('wakes all if told so', () => {
    const { call, interlock } = registered({ wake: 'broadcast' });
    interlock.tryTake(0);
    interlock.released.add(1);
    interlock.released.add(2);
    call(0, TOKENS.NMI_INTERLOCK, [], 1);
    expect(interlock.released.waiters).toBe(0);
  });

  it.each([
    ['accept', 0],
    ['refuse', -1],
  ] as const)('from another vCPU changes nothing (%s)', (byNonHolder, status) => {
    const { machine, call, interlock } = registered({ byNonHolder });
    machine.use('hypervisor').start(1, { nip: 0x1000, r3: 0n, ile: false });
    interlock.tryTake(0);
    expect(call(1, TOKENS.NMI_INTERLOCK, [], 1)).toEqual([status]);
    expect(interlock.holder).toBe(0);
  });

  it('from another vCPU frees the log of its holder, where one flag is all there is', () => {
    const { machine, call, interlock } = registered({ byNonHolder: 'release' });
    machine.use('hypervisor').start(1, { nip: 0x1000, r3: 0n, ile: false });
    interlock.tryTake(0);
    expect(call(1, TOKENS.NMI_INTERLOCK, [], 1)).toEqual([0]);
    expect(interlock.holder).toBe(-1);
    expect(call(1, TOKENS.NMI_INTERLOCK, [], 1)).toEqual([0]);
  });

  it('lets whoever asks first have it, however long others have waited', () => {
    const { call, interlock } = registered();
    expect([interlock.tryTake(0), interlock.tryTake(1)]).toEqual([true, false]);
    call(0, TOKENS.NMI_INTERLOCK, [], 1);
    expect([interlock.tryTake(2), interlock.holder]).toEqual([true, 2]);
  });

  it('goes to whoever has waited longest, if told so, and wakes that one', () => {
    const { call, interlock } = registered({ handOff: 'fifo' });
    expect([0, 2, 1, 2].map((agent) => interlock.tryTake(agent))).toEqual([true, false, false, false]);
    for (const agent of [1, 2]) interlock.released.add(agent);
    call(0, TOKENS.NMI_INTERLOCK, [], 1);
    expect(interlock.released.waiters).toBe(0b010);
    expect([1, 0, 2].map((agent) => interlock.tryTake(agent))).toEqual([false, false, true]);
    expect(interlock.holder).toBe(2);
  });

  it('passes by a vCPU that started afresh meanwhile', () => {
    const { machine, call, interlock } = registered({ handOff: 'fifo' });
    expect([0, 2, 1].map((agent) => interlock.tryTake(agent))).toEqual([true, false, false]);
    interlock.released.add(1);
    call(0, TOKENS.NMI_INTERLOCK, [], 1);
    expect(interlock.tryTake(1)).toBe(false);
    machine.use('hypervisor').start(2, { nip: 0x1000, r3: 0n, ile: false });
    expect(interlock.released.waiters).toBe(0);
    expect(interlock.tryTake(1)).toBe(true);
  });

  it('taken twice by one vCPU is a checkstop', () => {
    const { machine, interlock } = registered();
    interlock.tryTake(2);
    expect(interlock.tryTake(2)).toBe(false);
    expect(machine.stopped).toEqual({ reason: 'checkstop', agent: 2 });
  });
});

describe('a check on the vCPU that holds the interlock', () => {
  it.each([
    ['checkstop', true, 'checkstop', 'pending', 0],
    ['drop-recovered', false, 'checkstop', 'pending', 0],
    ['drop-recovered', true, undefined, 'gone', 1],
    ['nothing', true, undefined, 'pending', 0],
  ] as const)('under %s, recovered %s: stop %s, %s', (holderCheck, recovered, reason, what, dropped) => {
    const { machine, call } = bench({ holderCheck }, [patient()]);
    const { checks } = machine.use('hypervisor');
    const { interlock } = machine.use('fwnmi');
    const told: unknown[] = [];
    machine.bus.on('checkDropped', (event) => told.push(event));
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    interlock.tryTake(0);
    checks.latch(0, { kind: 'slb-multihit', recovered, address: 0n });
    expect([interlock.tryTake(0), machine.stopped?.reason]).toEqual([false, reason]);
    expect([checks.pending(0) ? 'pending' : 'gone', told.length, interlock.holder]).toEqual([what, dropped, 0]);
  });
});

describe('stop-self', () => {
  it.each([
    ['keeps', 0, 0],
    ['releases', 0, -1],
    ['releases', 2, 2],
  ] as const)('%s the interlock that vCPU 0 has, or another: of %i', (stopSelf, holder, then) => {
    const { machine, call } = bench({ stopSelf });
    const { interlock } = machine.use('fwnmi');
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    interlock.tryTake(holder);
    call(0, TOKENS.STOP_SELF, [], 0);
    expect(interlock.holder).toBe(then);
  });
});

describe('vCPUs', () => {
  it('are started once, with r3, big-endian, and the interrupt byte order of whoever starts them', () => {
    const { machine, vcpus, call } = bench();
    vcpus[0].setReg('ile', 1n);
    expect(call(0, TOKENS.QUERY_CPU_STOPPED_STATE, [1], 2)).toEqual([0, 0]);
    expect(call(0, TOKENS.START_CPU, [1, 0x5000, 77], 1)).toEqual([0]);
    expect(call(0, TOKENS.QUERY_CPU_STOPPED_STATE, [1], 2)).toEqual([0, 2]);
    expect(call(0, TOKENS.START_CPU, [1, 0x5000, 77], 1)).toEqual([-1]);
    expect([vcpus[1].nip, vcpus[1].gpr(3), vcpus[1].reg('ile'), vcpus[1].reg('msr') & 1n]).toEqual([
      0x5000,
      77n,
      1n,
      0n,
    ]);
    expect(machine.use('hypervisor').mode(1)).toBe('guest');
  });

  it('that idle are not stopped, and not started', () => {
    const { machine, call } = bench();
    machine.ram.writeBytes(0x5000, assemble('li 3,0xe0\n sc 1', { origin: 0x5000, endian: 'big' }).bytes);
    call(0, TOKENS.START_CPU, [1, 0x5000, 0], 1);
    for (let i = 0; i < 3; i++) machine.step(1);
    expect(machine.use('hypervisor').mode(1)).toBe('ceded');
    expect(call(0, TOKENS.QUERY_CPU_STOPPED_STATE, [1], 2)).toEqual([0, 2]);
    expect(call(0, TOKENS.START_CPU, [1, 0x5000, 0], 1)).toEqual([-1]);
    expect(machine.use('hypervisor').mode(1)).toBe('ceded');
  });

  it('that do not exist are parameter errors, and so are wrong cells', () => {
    const { call } = bench();
    expect(call(0, TOKENS.START_CPU, [3, 0x5000, 0], 1)).toEqual([-3]);
    expect(call(0, TOKENS.START_CPU, [1, 0x5000], 1)).toEqual([-3]);
    expect(call(0, TOKENS.QUERY_CPU_STOPPED_STATE, [0xffffffff], 2)[0]).toBe(-3);
    expect(call(0, TOKENS.QUERY_CPU_STOPPED_STATE, [1], 1)).toEqual([-3]);
  });

  it('stop themselves', () => {
    const { machine, call } = bench();
    call(0, TOKENS.STOP_SELF, [], 1);
    expect(machine.use('hypervisor').mode(0)).toBe('stopped');
    expect(machine.alternatives()).toEqual([]);
  });
});

describe('the end', () => {
  it('is ibm,os-term', () => {
    const { machine, call } = bench();
    call(0, TOKENS.OS_TERM, [0x3000], 1);
    expect(machine.stopped).toEqual({ reason: 'os-term', agent: 0 });
  });

  it('is power-off, called rightly', () => {
    const { machine, call } = bench();
    expect(call(0, TOKENS.POWER_OFF, [], 1)).toEqual([-3]);
    expect(machine.stopped).toBeUndefined();
    call(0, TOKENS.POWER_OFF, [0, 0], 1);
    expect(machine.stopped).toEqual({ reason: 'power-off', agent: 0 });
  });
});

describe('any calls in any order', () => {
  it('never do more to the host than answer', () => {
    const cell = fc.oneof(
      fc.nat(0x2100),
      fc.constantFrom(0xfffc, 0xffff, 0x3000, 0x10000, 0x7fffffff, 0xffffffff),
      fc.nat(8),
    );
    const made = fc.record({
      agent: fc.nat(2),
      token: fc.oneof(fc.constantFrom(...Object.values(TOKENS)), cell),
      args: fc.array(cell, { maxLength: 6 }),
      results: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(made, { maxLength: 30 }), (calls) => {
        const { machine, call } = bench();
        for (const { agent, token, args, results } of calls) {
          if (machine.available(agent, 0)) call(agent, token, args, results);
        }
      }),
      { numRuns: 60 },
    );
  });
});
