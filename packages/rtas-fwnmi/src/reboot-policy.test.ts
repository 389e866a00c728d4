import type { Guest } from '@checkstop/hypervisor';
import { definePlugin } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { bench } from './testing.ts';
import { TOKENS } from './tokens.ts';

/** Nothing runs in it: it is there to be judged by. */
const guest = definePlugin({
  name: 'nobody',
  version: '1.0.0',
  contract: 1,
  provides: ['guest'],
  setup(ctx) {
    const nobody: Guest = {
      ...{ name: 'nobody', entry: 0x1000, endian: 'big', symbols: new Map(), ready: 0x1000, levels: 4 },
      ...{ work: { start: 0x1000, end: 0x1004 }, regions: { base: 0x8000, stride: 0x100 } },
      sprgs: { persistent: [], scratch: [] },
    };
    ctx.provide('guest', nobody);
  },
});

function rebooting(options: Parameters<typeof bench>[0], registers: boolean) {
  const made = bench(options, [guest()]);
  const { machine, call } = made;
  const { checks, resets, start } = machine.use('hypervisor');
  const complaints: string[] = [];
  for (const property of machine.properties)
    if (property.kind === 'event' && property.on.includes('stop'))
      machine.bus.on('stop', (payload) => void complaints.push(property.check(payload, 'stop') ?? ''));
  if (registers) call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
  start(1, { nip: 0x1000, r3: 0n, ile: false });
  return {
    ...{ ...made, complaints },
    check: (agent: number) => checks.latch(agent, { kind: 'slb-multihit', recovered: false, address: 0n }),
    reset: (agent: number) => resets.latch(agent),
  };
}

describe('a check while no routine is registered', () => {
  it('goes to 0x200 (QEMU)', () => {
    const { machine, vcpus, check } = rebooting({}, false);
    check(1);
    expect([machine.stopped, vcpus[1].nip]).toEqual([undefined, 0x200]);
  });

  it('has the partition rebooted (LoPAR), which is justified', () => {
    const { machine, check, complaints } = rebooting({ unregistered: 'reboot' }, false);
    check(1);
    expect([machine.stopped, complaints]).toEqual([{ reason: 'reboot', agent: 1 }, ['']]);
  });

  it('is what no other check is', () => {
    const { machine, check } = rebooting({ unregistered: 'reboot' }, true);
    check(1);
    expect(machine.stopped).toBeUndefined();
  });
});

describe('system resets', () => {
  it('are forwarded, however many there are (QEMU)', () => {
    const { machine, reset } = rebooting({}, true);
    for (let i = 0; i < 5; i++) reset(0);
    expect(machine.stopped).toBeUndefined();
  });

  it('reboot the partition with the third of one vCPU (LoPAR), which is justified', () => {
    const { machine, reset, complaints } = rebooting({ thirdReset: 'reboot' }, true);
    for (const agent of [0, 1, 1, 0]) reset(agent);
    expect(machine.stopped).toBeUndefined();
    reset(1);
    expect([machine.stopped, complaints]).toEqual([{ reason: 'reboot', agent: 1 }, ['']]);
  });

  it('are counted since the last registration, and only those', () => {
    const { machine, reset, call } = rebooting({ thirdReset: 'reboot' }, false);
    for (let i = 0; i < 3; i++) reset(0);
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    for (let i = 0; i < 2; i++) reset(0);
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    for (let i = 0; i < 2; i++) reset(0);
    expect(machine.stopped).toBeUndefined();
    reset(0);
    expect(machine.stopped?.reason).toBe('reboot');
  });
});

it('a reboot that the profile does not ask for is a violation', () => {
  const { machine, complaints } = rebooting({}, true);
  machine.stop('reboot', 0);
  expect(complaints).toEqual(['the machine stopped: reboot']);
});
