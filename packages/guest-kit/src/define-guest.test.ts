import { type AsmSource, asm, MSR } from '@checkstop/ppc-core';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { bareMachine } from './bare-machine.ts';
import { bits } from './bits.ts';
import { bringUp, panic } from './bring-up.ts';
import { defineGuest } from './define-guest.ts';
import { atEveryBoundary } from './every-boundary.ts';
import { firmwarePage } from './firmware-page.ts';
import { rehearse } from './rehearse.ts';

const guest = (source: AsmSource) =>
  defineGuest({
    name: 'tiny',
    version: '1.0.0',
    options: v.object({ endian: v.optional(v.picklist(['big', 'little']), 'little') }),
    source: () => source,
    sprgs: () => ({ persistent: [], scratch: ['sprg2'] }),
  })();

const idle = asm`
work:
        li      r3, H_CEDE
        sc      1
        b       work
`;

/** The least that boots: `before` runs on the first vCPU, the others come up if it starts them. */
const tiny = (before: AsmSource | string, work: AsmSource = idle): AsmSource => asm`
${bits}
        .set    REGIONS, 0x8000
        .set    REGION_SHIFT, 8
        .set    LEVELS, 1
        .space  0x1000
start:
        cmpdi   r3, 0
        bne     ready
${before}
ready:
${work}
work_end:
machine_check:
        b       machine_check
${panic({ systemReset: 'panic', kexec: 'none', parking: 'none' })}
${firmwarePage({ endian: 'little', kexec: 'none', handlerStops: false, register2: false }, 'panic')}
`;

describe('a guest', () => {
  it('is described by its own labels, constants left out', () => {
    const machine = bareMachine(guest(tiny(bringUp({ endian: 'little' }))), { vcpus: 3 });
    machine.boot({ maxSteps: 1000 });
    const { entry, ready, work, regions, levels, symbols, endian } = machine.use('guest');
    expect([endian, ready, regions]).toEqual(['little', symbols.get('work'), { base: 0x8000, stride: 0x100 }]);
    expect(levels).toBe(1);
    expect([entry, work.end]).toEqual([symbols.get('entry'), symbols.get('machine_check')]);
    expect(symbols.has('REGIONS')).toBe(false);
    expect(machine.use('processor').vcpus.map(({ nip }) => nip)).toEqual([ready, ready, ready]);
  });

  it('must define what the others look for', () => {
    expect(() => bareMachine(guest(asm`nop`))).toThrow(expect.objectContaining({ code: 'GUEST_NO_SYMBOL' }));
    expect(() => bareMachine(guest(asm`nop`))).toThrow(/has no symbol 'entry'/);
  });

  it('must register before it is ready', () => {
    const machine = bareMachine(guest(tiny('')), { vcpus: 1 });
    expect(() => machine.boot({ maxSteps: 1000 })).toThrow(expect.objectContaining({ code: 'GUEST_NOT_REGISTERED' }));
  });

  it('must get ready', () => {
    const machine = bareMachine(guest(tiny(asm`1: b 1b`)), { vcpus: 1 });
    expect(() => machine.boot({ maxSteps: 1000 })).toThrow(expect.objectContaining({ code: 'BOOT_NEVER_READY' }));
  });

  it('must idle when its work is done', () => {
    const machine = bareMachine(guest(tiny(bringUp({ endian: 'little' }), asm`work: b work`)), {
      vcpus: 1,
    });
    machine.boot({ maxSteps: 1000 });
    expect(() => atEveryBoundary(machine, () => {})).toThrow(expect.objectContaining({ code: 'GUEST_NEVER_IDLES' }));
  });

  it('is rehearsed from one place to another', () => {
    const { until, vcpu, corrupt, own } = rehearse(guest(tiny(bringUp({ endian: 'little' }))), { checks: 0 });
    expect(until('ready')).toMatchObject({ texts: [], ri: '' });
    corrupt('r13');
    corrupt('sprg3');
    expect([vcpu.gpr(13), vcpu.reg('sprg3'), own(0, 2)]).toEqual([0x2000_0040n, 0x2000_0040n, new Uint8Array(2)]);
    vcpu.setReg('msr', vcpu.reg('msr') | MSR.RI);
    const passed = until(/ sc 1$/);
    expect([passed.ri, passed.indexOf(/li r3,224$/)]).toEqual(['1', 0]);
    for (const never of [() => until('nowhere'), () => passed.indexOf(/ sc 1$/)])
      expect(never).toThrow(expect.objectContaining({ code: 'GUEST_NEVER_THERE' }));
  });

  it('says where its text is wrong', () => {
    expect(() => bareMachine(guest(tiny('        lbx r3, 0')))).toThrow(/tiny:\d+:\d+: unknown instruction "lbx"/);
  });
});
