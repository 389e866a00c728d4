import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatCase } from '../oracle/case.ts';
import { differences } from '../oracle/compare.ts';
import { narrowCases, runNarrow } from '../oracle/narrow.ts';
import { comparable, stepHere, stepInQemu } from '../oracle/privileged.ts';
import { PRIVILEGED_PROGRAMS } from '../oracle/privileged-programs.ts';
import { QEMU_SYSTEM, QemuSystem } from '../oracle/qemu-system.ts';
import { writeSystemVectors } from '../oracle/system-vectors.ts';
import { recording, toolMissing } from '../oracle/tool.ts';
import { MSR } from './state.ts';
import { bench } from './testing.ts';

const CASES = Number(process.env.CHECKSTOP_ORACLE_CASES ?? 10);
const missing = toolMissing(QEMU_SYSTEM);

describe.skipIf(missing)("QEMU's pseries machine", () => {
  let system: QemuSystem;
  beforeAll(async () => {
    system = await QemuSystem.start('pseries');
  });
  afterAll(() => system.stop());

  it.each(PRIVILEGED_PROGRAMS)('does at each step what we do: $name', async (program) => {
    const theirs = comparable(program, await stepInQemu(system, program));
    expect(comparable(program, stepHere(program))).toEqual(theirs);
  });

  it('does in 32-bit mode what we do with random operands', { timeout: 600_000 }, async () => {
    const cases = narrowCases(CASES, CASES);
    const outcomes = [];
    for (const each of cases) outcomes.push(await runNarrow(system, each));
    expect(differences(cases, outcomes, 'big', { narrow: true, logged: false })).toEqual([]);
  });

  it.runIf(recording)('is recorded', async () => {
    const programs: Record<string, string> = {};
    for (const program of PRIVILEGED_PROGRAMS) programs[program.name] = (await stepInQemu(system, program)).join(';');
    const narrow: string[] = [];
    for (const each of narrowCases(2, 1)) {
      narrow.push(formatCase(each, await runNarrow(system, each)));
    }
    const version = execFileSync(QEMU_SYSTEM, ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? '';
    writeSystemVectors({ version, programs, narrow });
  });
});

describe.skipIf(missing)("QEMU's powernv machine", () => {
  it('is given emulation assistance with the same registers', async () => {
    const system = await QemuSystem.start('powernv9');
    try {
      const msr = MSR.SF | MSR.HV | MSR.ME;
      await system.write(0x1000, Uint8Array.of(0, 0x4d, 0x4d, 0));
      await system.set({ pc: 0x1000n, msr, srr0: 7n, srr1: 8n });
      await system.step();
      const { vcpu } = bench('.long 0x004d4d00');
      vcpu.setReg('msr', msr);
      expect(vcpu.run(1).exit).toEqual({ kind: 'emulationAssist', word: 0x004d4d00 });
      expect((await system.get(true)).pc).toBe(0xe40n);
      for (const name of ['hsrr0', 'hsrr1'] as const) expect(await system.spr(name), name).toBe(vcpu.reg(name));
      expect([await system.spr('srr0'), await system.spr('srr1')]).toEqual([7n, 8n]);
    } finally {
      system.stop();
    }
  });
});
