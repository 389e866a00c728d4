import { assemble } from '../src/asm/assemble.ts';
import type { RegisterName } from '../src/state.ts';
import { bench } from '../src/testing.ts';
import { IMAGE_START, PRELUDE, type PrivilegedProgram, START } from './privileged-programs.ts';
import { type QemuSystem, type RegisterSet, SPR_NAMES } from './qemu-system.ts';

/** SF and ME: a guest of firmware that has machine checks enabled. */
const MSR = (1n << 63n) | 0x1000n;

const initial = (program: PrivilegedProgram): RegisterSet => ({
  ...Object.fromEntries([...Array(32).keys()].map((n) => [`r${n}`, 0n])),
  ...{ cr: 0n, lr: 0n, ctr: 0n, xer: 0n, msr: MSR, pc: BigInt(START) },
  ...Object.fromEntries(SPR_NAMES.map((name) => [name, 0n])),
  ...program.set,
});

const imageOf = (program: PrivilegedProgram): Uint8Array =>
  assemble(`${PRELUDE}\n.org ${START}\n${program.source.replaceAll('.org ', `.org ${START} + `)}\nb .`).bytes;

/** What changed at each step, such as `pc=1004 r3=5`. */
export type Steps = string[];

/** Steps a program in QEMU. */
export async function stepInQemu(system: QemuSystem, program: PrivilegedProgram): Promise<Steps> {
  const image = imageOf(program);
  for (let at = IMAGE_START; at < image.length; at += 1024) await system.write(at, image.subarray(at, at + 1024));
  await system.write(0x2000, new Uint8Array(256));
  await system.set(initial(program));
  const steps: Steps = [];
  let before = await system.get(true);
  for (let step = 0; step < program.steps; step++) {
    await system.step();
    const after = await system.get(true);
    steps.push(changes(before, after));
    before = after;
  }
  return steps;
}

/** Steps it here. */
export function stepHere(program: PrivilegedProgram): Steps {
  const { machine, vcpu } = bench('nop');
  machine.ram.writeBytes(0, imageOf(program));
  const special = ['msr', 'cr', 'lr', 'ctr', 'xer', ...SPR_NAMES] as readonly RegisterName[];
  const start = initial(program);
  for (let n = 0; n < 32; n++) vcpu.setGpr(n, start[`r${n}`] ?? 0n);
  for (const name of special) vcpu.setReg(name, start[name] ?? 0n);
  vcpu.nip = START;
  const read = (): RegisterSet => ({
    ...Object.fromEntries([...Array(32).keys()].map((n) => [`r${n}`, vcpu.gpr(n)])),
    pc: vcpu.reg('nip'),
    ...Object.fromEntries(special.map((name) => [name, vcpu.reg(name)])),
  });
  const steps: Steps = [];
  let before = read();
  for (let step = 0; step < program.steps; step++) {
    const { exit } = vcpu.run(1);
    if (exit) throw new Error(`${program.name}: ${exit.kind} at step ${step}`);
    const after = read();
    steps.push(changes(before, after));
    before = after;
  }
  return steps;
}

/** The steps without the registers in which QEMU is known to differ. */
export function comparable(program: PrivilegedProgram, steps: Steps): Steps {
  const except = program.except?.registers ?? [];
  return steps.map((step) =>
    step
      .split(' ')
      .filter((change) => !except.includes(change.split('=')[0] ?? ''))
      .join(' '),
  );
}

function changes(before: RegisterSet, after: RegisterSet): string {
  return ['pc', ...Object.keys(after).filter((name) => name !== 'pc')]
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}=${after[name]?.toString(16)}`)
    .join(' ');
}
