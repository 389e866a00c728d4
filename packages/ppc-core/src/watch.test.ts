import type { EventName } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { MSR } from './state.ts';
import { bench } from './testing.ts';

/** Notes all events of these names, and where the vCPU was. */
function listening(source: string, ...names: EventName[]) {
  const made = bench(source);
  const heard: unknown[] = [];
  for (const name of names) {
    made.machine.bus.on(name, (payload) => heard.push([name, made.vcpu.nip, payload]));
  }
  return { ...made, heard };
}

describe('watched ranges', () => {
  it('are told of before the access, with NIP at the instruction, by exact range', () => {
    const { processor, vcpu, heard } = listening('nop\nld 4,-4(3)\nstb 4,1(3)\nstb 4,-1(3)', 'fetch', 'load', 'store');
    processor.watch({ kind: 'fetch', start: 0x1004, end: 0x1008 });
    processor.watch({ kind: 'load', start: 0x2003, end: 0x2004 });
    processor.watch({ kind: 'store', start: 0x2001, end: 0x2002 });
    vcpu.setGpr(3, 0x2000n);
    vcpu.run(4);
    expect(heard).toEqual([
      ['fetch', 0x1004, { agent: 0, address: 0x1004, size: 4 }],
      ['load', 0x1004, { agent: 0, address: 0x1ffc, size: 8 }],
      ['store', 0x1008, { agent: 0, address: 0x2001, size: 1 }],
    ]);
  });

  it('are told of in the plain build as well, until disposed', () => {
    const { processor, machine, vcpu, heard } = listening('b .', 'fetch');
    const dispose = processor.watch({ kind: 'fetch', start: 0x1000, end: 0x1001 });
    machine.arena.logging = false;
    vcpu.run(3);
    expect(heard.length).toBe(3);
    dispose();
    vcpu.run(3);
    expect(heard.length).toBe(3);
  });

  it('cover every page that they touch, and may overlap', () => {
    const { processor, vcpu, heard } = listening('lbz 4,0(3)\naddi 3,3,256\nb .-8', 'load');
    processor.watch({ kind: 'load', start: 0x2080, end: 0x2401 });
    const dispose = processor.watch({ kind: 'load', start: 0x2100, end: 0x2200 });
    vcpu.setGpr(3, 0x2000n);
    dispose();
    vcpu.run(3 * 6);
    expect(heard.map((event) => (event as [string, number, { address: number }])[2].address)).toEqual([
      0x2100, 0x2200, 0x2300, 0x2400,
    ]);
  });

  it.each([
    { kind: 'load', start: 5, end: 5 },
    { kind: 'load', start: 0, end: 2 ** 20 },
    { kind: 'run' as 'load', start: 0, end: 4 },
  ] as const)('must be ranges of RAM: $kind $start $end', (range) => {
    const { processor } = bench('nop');
    expect(() => processor.watch(range)).toThrow(expect.objectContaining({ code: 'WATCH_BAD_RANGE' }));
  });
});

describe('events', () => {
  it('tell of interrupts, returns and exits', () => {
    const { vcpu, heard } = listening('sc\nsc 1\n.long 0', 'interrupt', 'interruptReturn', 'exit');
    vcpu.run(1);
    vcpu.nip = 0x1004;
    vcpu.run(1);
    vcpu.run(1);
    const msr = vcpu.reg('msr');
    const { heard: returns, vcpu: returning } = listening('rfid', 'interruptReturn');
    returning.setReg('srr0', 0x2002n);
    returning.setReg('srr1', msr);
    returning.run(1);
    expect(heard).toEqual([
      ['interrupt', 0xc00, { agent: 0, vector: 0xc00, from: 0x1004n, srr1: msr }],
      ['exit', 0x1008, { agent: 0, exit: { kind: 'hcall' } }],
      ['exit', 0x1008, { agent: 0, exit: { kind: 'emulationAssist', word: 0 } }],
    ]);
    expect(returns).toEqual([['interruptReturn', 0x2000, { agent: 0, nip: 0x2000n, msr }]]);
  });

  it('tell of an SLB that is thrown away, by whoever may', () => {
    const { vcpu, heard } = listening('nop\nslbia\nb .+4\nslbia 7', 'slbInvalidated');
    vcpu.run(3);
    vcpu.setReg('msr', vcpu.reg('msr') | MSR.PR);
    vcpu.run(1);
    expect(heard).toEqual([['slbInvalidated', 0x1004, { agent: 0 }]]);
  });

  it('leave the vCPU at the instruction when a listener throws', () => {
    const { vcpu, machine, processor } = bench('li 3,1\nslbia\nli 3,2\nstb 3,0(4)');
    const dispose = machine.bus.on('slbInvalidated', () => {
      throw new Error('no');
    });
    expect(() => vcpu.run(10)).toThrow('no');
    expect([vcpu.nip, vcpu.gpr(3)]).toEqual([0x1004, 1n]);
    dispose();
    processor.watch({ kind: 'store', start: 0, end: 1 });
    machine.bus.on('store', () => {
      throw new Error('nor this');
    });
    expect(() => vcpu.run(10)).toThrow('nor this');
    expect([vcpu.nip, vcpu.gpr(3)]).toEqual([0x100c, 2n]);
  });

  it.each([
    ['interrupt', 'nop\nsc'],
    ['interrupt', 'nop\ntrap'],
    ['interrupt', 'nop\nldarx 4,0,3'],
    ['interrupt', 'nop\nld 4,-8(0)'],
    ['interrupt', 'nop\nb -4'],
    ['interruptReturn', 'nop\nrfid'],
  ] as const)('of an %s let a listener send the vCPU elsewhere: %j', (event, source) => {
    for (const logging of [true, false]) {
      const { vcpu, machine } = bench(source);
      machine.ram.writeU32(0x2000, 0x3860_0007, 'big'); // li 3,7
      machine.arena.logging = logging;
      vcpu.setReg('srr1', MSR.SF);
      vcpu.setGpr(3, 1n);
      machine.bus.on(event, () => {
        vcpu.nip = 0x2000;
      });
      vcpu.run(/b -4/.test(source) ? 4 : 3);
      expect([vcpu.nip, vcpu.gpr(3)]).toEqual([0x2004, 7n]);
    }
  });
});
