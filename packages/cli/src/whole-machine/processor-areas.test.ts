import { explore, rerun } from '@checkstop/explorer';
import { qemu } from '@checkstop/hypervisor-qemu';
import { createMachine, definePlugin, type Property } from '@checkstop/kernel';
import { assemble, ppc64 } from '@checkstop/ppc-core';
import { fwnmi } from '@checkstop/rtas-fwnmi';
import { describe, expect, it } from 'vitest';

const ENTRY = 0x1000;
const VPA = 0x4000;
const YIELD_COUNT = VPA + 0x100;
const DTL = 0x5000;
const OTHER_VPA = 0x6000;

/** H_REGISTER_VPA for vCPU 0: the sub-function's number in bits 16 to 18 of r4. */
const registerVpa = (subFunction: number, address: number) =>
  `li 3,0xdc\n li 4,${subFunction}\n sldi 4,4,45\n li 5,0\n li 6,${address}\n sc 1\n`;
const REGISTER = registerVpa(1, VPA) + registerVpa(2, DTL);
const DEREGISTER = registerVpa(6, 0) + registerVpa(5, 0);
const IDLE = '1: li 3,0xe0\n sc 1\n b 1b\n';

/**
 * vCPU 0 runs `source` and ends idle; vCPU 1 signals system resets to it for ever. Where the source has a label `kexec`, another
 * kernel has taken over from there on.
 */
function made(source: string, options: Parameters<typeof qemu>[0] = {}) {
  const kernel = definePlugin({
    name: 'kernel',
    version: '1.0.0',
    contract: 1,
    requires: ['processor', 'hypervisor'],
    provides: ['guest'],
    setup(ctx) {
      const { symbols, bytes } = assemble(`${source}${IDLE}other: li 3,0x380\n li 4,0\n sc 1\n b other`, {
        origin: ENTRY,
        endian: 'big',
      });
      const kexec = symbols.get('kexec');
      ctx.provide('guest', {
        name: 'kernel',
        entry: ENTRY,
        endian: 'big',
        symbols,
        ready: ENTRY,
        work: { start: ENTRY, end: ENTRY + bytes.length },
        levels: 4,
        regions: { base: 0x8000, stride: 0x100 },
        sprgs: { persistent: [], scratch: [] },
      });
      ctx.bus.on('fetch', ({ agent, address }) => {
        if (address === kexec) ctx.bus.emit('kernelReplaced', { agent });
      });
      ctx.onReady(() => {
        ctx.ram.writeBytes(ENTRY, bytes);
        ctx.ram.writeBytes(0x100, assemble('rfid', { origin: 0x100, endian: 'big' }).bytes);
        for (const vpa of [VPA, OTHER_VPA]) ctx.ram.writeU32(vpa + 4, 640 << 16, 'big');
        ctx.ram.writeU32(DTL + 4, 2 * 48, 'big');
        ctx.use('hypervisor').start(1, { nip: symbols.get('other') as number, r3: 0n, ile: false });
        if (kexec !== undefined)
          ctx.effect(ctx.use('processor').watch({ kind: 'fetch', start: kexec, end: kexec + 4 }), 'watch kexec');
      });
    },
  });
  const machine = createMachine({ plugins: [ppc64(), qemu(options), fwnmi(), kernel()] });
  const parity: Property = {
    kind: 'invariant',
    name: 'parity',
    check() {
      const odd = machine.ram.readU32(YIELD_COUNT, 'big') % 2 === 1;
      const mode = machine.use('hypervisor').mode(0);
      if (mode !== 'ceded' && mode !== 'guest') return undefined;
      return odd === (mode === 'ceded') ? undefined : `the yield count is ${odd ? 'odd' : 'even'} in mode ${mode}`;
    },
  };
  const noStale = machine.properties.filter(({ name }) => name === 'noStale');
  expect(noStale.length).toBeGreaterThan(0);
  return { machine, parity, noStale };
}

describe('a yield count', () => {
  const search = (source: string, counterWrap: number) => {
    const { machine, parity } = made(REGISTER + source, { counterWrap });
    return explore(machine, { properties: [parity] }).run();
  };

  it('is odd while its vCPU is ceded and even while it runs, whoever wakes it when', () => {
    expect(search('', 4)).toMatchObject({ verdict: 'holds', complete: true });
  });

  it('that a guest has spoiled is found out', () => {
    const { violations } = search(`lwz 7,${YIELD_COUNT}(0)\n addi 7,7,1\n stw 7,${YIELD_COUNT}(0)\n`, 4);
    expect(violations.map(({ property }) => property)).toEqual(['parity']);
  });

  it('wraps, or the paths would never meet', () => {
    const [narrow, wide] = [2, 8].map((wrap) => search('', wrap).states) as [number, number];
    expect(wide).toBeGreaterThan(2 * narrow);
  });
});

describe('a kernel that takes over by kexec', () => {
  const search = (source: string) => {
    const { machine, noStale } = made(source);
    const result = explore(machine, { properties: noStale }).run();
    for (const { schedule } of result.violations)
      expect(rerun(machine, schedule).violations.map(({ property }) => property)).toContain('noStale');
    return { verdict: result.verdict, complete: result.complete, texts: result.violations.map(({ text }) => text) };
  };
  const holds = { verdict: 'holds', complete: true, texts: [] };

  it.each([
    ['from one that gave back what it had registered', `${REGISTER}${DEREGISTER}kexec: nop\n`],
    ['and registers a VPA of its own', `${registerVpa(1, VPA)}kexec: nop\n${registerVpa(1, OTHER_VPA)}`],
    ['from one that had registered nothing', 'kexec: nop\n'],
  ])('%s is not written to', (_what, source) => {
    expect(search(source)).toEqual(holds);
  });

  it.each([
    ['from one that crashed finds a VPA', `${registerVpa(1, VPA)}kexec: nop\n`, 'a VPA'],
    [
      'and registers a VPA only finds a dispatch trace log',
      `${REGISTER}kexec: nop\n${registerVpa(1, OTHER_VPA)}`,
      'a dispatch trace log',
    ],
  ])('%s that it did not register', (_what, source, area) => {
    const { verdict, texts } = search(source);
    expect(verdict).toBe('violated');
    expect(texts).toEqual([expect.stringContaining(`for vcpu0, ${area} that the running kernel did not register`)]);
  });
});
