import { readFileSync } from 'node:fs';
import { assemble, MSR } from '@checkstop/ppc-core';
import { TOKENS } from '@checkstop/rtas-fwnmi';
import { describe, expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { runCell } from '../run-cell.ts';
import { cellOf, search } from './cells.fixture.ts';
import { type Rig, type RigOptions, rig } from './directed.fixture.ts';

/** One way to have a defect, or not to have it: a strategy, and what the machine is made with. */
type Made = readonly [strategy: string, options?: RigOptions];

/** A defect of docs/defects.md: what shows it, who has it, who has it no more. */
interface Defect {
  readonly id: string;
  readonly what: string;
  /** What is wrong, in words; nothing when all is well. */
  shown(...made: Made): Promise<readonly string[]>;
  readonly by: Made;
  readonly as: string | RegExp;
  readonly repairedBy: Made;
}

/** The system call of the work is next: RI=1, and registers that the vectors use are live. */
const atWork = async (...[strategy, options]: Made): Promise<Rig> => {
  const made = await rig(strategy, options);
  for (let i = 0; i < 3; i++) made.machine.step(0);
  return made;
};

/** What the routine finds otherwise than it should. */
const differences: Defect['shown'] = async (...made) => {
  const set = await atWork(...made);
  set.strike(0);
  set.enter(0);
  return set.differences(0);
};

/** What a search of so many vCPUs and checks finds. */
const searched =
  (vcpus: number, perVcpu: number, recovered = false): Defect['shown'] =>
  async (strategy, { guest = 'guest-linux:endian=big', profile = {} } = {}) => {
    const { spec } = await cellOf(strategy, guest, profile);
    const run = await runCell(await prepareCell({ ...spec, vcpus, checks: { perVcpu, recovered } }), {
      limits: { states: 100_000 },
    });
    return run.result.violations.map(({ property, text }) => `${property}: ${text}`);
  };

/** A vCPU registers a routine at another address; then it is struck. */
const registered =
  (address: (set: Rig) => number): Defect['shown'] =>
  async (...made) => {
    const set = await atWork(...made);
    const [vcpu] = set.vcpus;
    const status = set.rtas(0, TOKENS.NMI_REGISTER, set.symbol('system_reset'), address(set));
    if (status !== 0) return [];
    vcpu.setReg('lr', 0x5a5an);
    set.strike(0);
    const left = () => !set.machine.ram.holds(Number(vcpu.reg('nip')), 4);
    set.until(0, () => left() || set.differences(0)[0] !== 'never delivered');
    return left() ? [`never delivered: fetches from 0x${vcpu.reg('nip').toString(16)}`] : set.differences(0);
  };

/** While vCPU 0 reads its log, vCPU 1 calls ibm,nmi-interlock without a check. */
const freed: Defect['shown'] = async (...made) => {
  const set = await atWork(...made);
  set.strike(0);
  set.enter(0);
  const before = set.complaints.length;
  set.rtas(1, TOKENS.NMI_INTERLOCK);
  set.until(0, () => set.vcpus[0].reg('msr') % 4n >= 2n); // its handler has RI=1 once it has read the log and given it back
  return set.complaints.slice(before);
};

/** The CR0 that the frame has for a vCPU that had to report again, whose own CR0 was 8. */
const retried: Defect['shown'] = async (...made) => {
  const set = await atWork(...made);
  set.machine.step(1);
  set.strike(1);
  set.enter(1);
  set.vcpus[0].setReg('cr', 0x8000_0000n);
  set.strike(0);
  let reports = 0;
  set.machine.bus.on('hcall', ({ agent }) => (reports += agent === 0 ? 1 : 0));
  set.until(0, () => reports === 2);
  set.until(0, () => set.machine.use('hypervisor').mode(0) === 'guest');
  set.until(1, () => set.machine.use('fwnmi').interlock.holder === -1);
  set.enter(0);
  const saved = set.machine.ram.readU64(set.machine.use('fwnmi').buffer - 8, 'big') >> 32n;
  return saved === 8n ? [] : [`the frame has ${saved} for CR0`];
};

/** What the bytes behind the fixed log depend on. */
const leaked: Defect['shown'] = async (...made) => {
  const [zero, one] = await Promise.all(
    [0, 1].map(async (answer) => {
      const set = await atWork(...made);
      set.strike(0);
      set.enter(0, () => answer);
      return set.machine.ram.readBytes(set.machine.use('fwnmi').buffer + 8, 9).join(' ');
    }),
  );
  return zero === one ? [] : [`the log reads ${zero}, or else ${one}`];
};

/** Another kernel has put its own code at 0x200. */
const overwritten: Defect['shown'] = async (...made) => {
  const set = await atWork(...made);
  const { bytes } = assemble('b .', { endian: set.machine.use('guest').endian });
  set.machine.ram.writeBytes(0x200, bytes);
  set.strike(0);
  return set.enter(0) ? [] : set.differences(0);
};

/** A 32-bit task is struck. */
const narrow: Defect['shown'] = async (...made) => {
  const set = await atWork(...made);
  const [vcpu] = set.vcpus;
  vcpu.setReg('msr', vcpu.reg('msr') & ~MSR.SF);
  set.strike(0);
  set.enter(0);
  return set.differences(0).filter((name) => name === 'msr');
};

/** A system reset comes. */
const reset: Defect['shown'] = async (...made) => {
  const set = await atWork(...made);
  set.machine.use('hypervisor').resets.latch(0);
  return set.vcpus[0].nip === set.symbol('system_reset') ? [] : [`goes to 0x${set.vcpus[0].nip.toString(16)}`];
};

const OTHER_OS = { guest: 'guest-other-os' };
const FAR = { hypervisor: { ram: 64 << 20 } };
const pulled = 'powerkvm-2014:registers=pulled';

const defects: Defect[] = [
  {
    ...{ id: 'T1', what: 'the comparison destroys CR7', shown: searched(2, 1), as: /^resumeContext: CR is/ },
    by: [`${pulled},sample=injection`],
    repairedBy: ['hcall-busy'],
  },
  {
    ...{ id: 'T2', what: 'nothing brings CR0 back', shown: searched(2, 1), as: /^resumeContext: CR is/ },
    by: ['powerkvm-2015:sample=injection,stack=cleared'],
    repairedBy: ['delivery:notification=hcall,waiting=guest-retry,busy=cr0'],
  },
  {
    ...{ id: 'T3', what: 'a retry saves its own comparison', shown: retried, as: 'the frame has 2 for CR0' },
    by: ['powerkvm-2015:sample=injection'],
    repairedBy: ['powerkvm-2015:sample=injection,sampleCr=injection'],
  },
  {
    ...{ id: 'T4', what: 'SPRG2 is lost', shown: differences, as: 'sprg2' },
    by: ['powerkvm-2014', OTHER_OS],
    repairedBy: ['illegal-instruction', OTHER_OS],
  },
  {
    ...{ id: 'T5', what: 'a routine beyond the reach of the branch', shown: registered(() => 32 << 20) },
    as: 'never delivered: fetches from 0xfffffffffe000000',
    by: ['powerkvm-2014', FAR],
    repairedBy: ['powerkvm-2014', { ...FAR, profile: { registerBelow: 32 << 20 } }],
  },
  {
    ...{ id: 'T6', what: 'low bits of the address link', shown: registered((s) => s.symbol('machine_check') + 1) },
    as: 'lr',
    by: ['powerkvm-2014'],
    repairedBy: ['hcall-busy'],
  },
  {
    ...{ id: 'T7', what: 'a second check spins for ever', shown: searched(1, 2), as: /^noDeadlock/ },
    by: [`${pulled},sample=injection`],
    repairedBy: [`${pulled},sample=injection`, { profile: { holderCheck: 'checkstop' } }],
  },
  {
    ...{ id: 'T8', what: "anybody frees another vCPU's log", shown: freed, as: /^ownLog: vcpu0 read .* of the log/ },
    by: [`${pulled},sample=injection`],
    repairedBy: [`${pulled},sample=injection`, { profile: { byNonHolder: 'accept' } }],
  },
  {
    ...{ id: 'T9', what: 'words of two byte orders', shown: differences, as: 'never delivered' },
    by: ['powerkvm-2015:host=little'],
    repairedBy: ['powerkvm-2015'],
  },
  {
    ...{ id: 'T10', what: "QEMU's copy of SPRG2 is read", shown: differences, as: 'saved r3' },
    by: ['powerkvm-2014:sample=injection'],
    repairedBy: [`${pulled},sample=injection`],
  },
  {
    ...{
      id: 'T11',
      what: 'bytes that nobody set',
      shown: leaked,
      as: /^the log reads 0 112 68 0 0 .* or else .* 255$/,
    },
    by: ['powerkvm-2015'],
    repairedBy: ['powerkvm-2015:stack=cleared'],
  },
  {
    ...{ id: 'T12', what: 'another kernel wipes the vector', shown: overwritten, as: 'never delivered' },
    by: ['powerkvm-2015'],
    repairedBy: ['direct-exit'],
  },
  {
    ...{ id: 'T13', what: 'SRR0 is read after sc', shown: differences, as: 'srr0' },
    by: [pulled],
    repairedBy: [`${pulled},sample=injection`],
  },
  {
    ...{ id: 'T14', what: 'a 64-bit routine starts in 32-bit mode', shown: narrow, as: 'msr' },
    by: ['qemu-5.0'],
    repairedBy: ['qemu-5.0', { profile: { entrySf: 'set' } }],
  },
  {
    ...{ id: 'L1', what: 'a log of version 0', shown: differences, as: 'version' },
    by: ['powerkvm-2014'],
    repairedBy: ['hcall-busy'],
  },
  {
    ...{ id: 'L2', what: "r3 in the guest's byte order", shown: differences, as: 'saved r3' },
    by: [`${pulled},sample=injection`, { guest: 'guest-linux' }],
    repairedBy: ['hcall-busy', { guest: 'guest-linux' }],
  },
  {
    ...{ id: 'L3', what: 'a buffer on no 16-byte boundary', shown: differences, as: 'alignment' },
    by: ['powerkvm-2015'],
    repairedBy: ['powerkvm-2015', { profile: { buffer: 0x820 } }],
  },
  {
    ...{ id: 'L4', what: 'system resets go to 0x100', shown: reset, as: 'goes to 0x100' },
    by: ['powerkvm-2014'],
    repairedBy: ['powerkvm-2014', { profile: { resetRoutine: 'registered' } }],
  },
  {
    ...{ id: 'L5', what: 'a dropped check takes SRR0 along', shown: searched(1, 2, true), as: /^noFalseResume/ },
    by: ['qemu-5.0'],
    repairedBy: ['qemu-5.0', { profile: { holderCheck: 'checkstop' } }],
  },
];

const guide = readFileSync(new URL('../../../../docs/defects.md', import.meta.url), 'utf8');

/** How docs/defects.md names what a machine is made with. */
const named = ([strategy, { profile = {} } = {}]: Made): string[] => [
  `\`${strategy}\``,
  ...Object.entries(profile).map(([key, value]) => `\`${key}=${value}\``),
];

describe.each(defects)('$id: $what', ({ id, shown, by, as, repairedBy }) => {
  const isIt = (symptom: string): boolean => (typeof as === 'string' ? symptom === as : as.test(symptom));

  it(`is seen with ${by[0]}`, async () => {
    const symptoms = await shown(...by);
    expect(symptoms.filter(isIt), symptoms.join('; ')).not.toEqual([]);
  });

  it(`is gone with ${repairedBy[0]} ${JSON.stringify(repairedBy[1]?.profile ?? {})}`, async () => {
    const symptoms = await shown(...repairedBy);
    expect(symptoms.filter((symptom) => isIt(symptom) || symptom.startsWith('never delivered'))).toEqual([]);
  });

  it('stands in docs/defects.md, with both', () => {
    const row = guide.split('\n').find((line) => line.startsWith(`| ${id} |`)) ?? '';
    for (const name of [...named(by), ...named(repairedBy)]) expect(row).toContain(name);
  });
});

it.each(['powerkvm-2014', 'powerkvm-2015'])('%s as it was: no check is ever survived', async (strategy) => {
  for (const guest of ['guest-linux:endian=big', 'guest-other-os'])
    expect((await search(strategy, guest)).result.goals.reached).toEqual([]);
});
