import { expect, it } from 'vitest';
import { readErrorLog, Severity } from './log/index.ts';
import { bench, patient } from './testing.ts';
import { TOKENS } from './tokens.ts';

const { ERROR_SYNC, FATAL, ALREADY_REPORTED } = Severity;
type Bench = ReturnType<typeof bench>;

/** Severities of reports on vCPUs 0, 1, 2 and 0 again, of which the first is recovered; `between` happens before the third. */
function severities(options: Parameters<typeof bench>[0], between: (made: Bench) => void = () => undefined): number[] {
  const made = bench(options, [patient()]);
  const { machine, call } = made;
  const hypervisor = machine.use('hypervisor');
  const firmware = machine.use('fwnmi');
  call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
  for (const agent of [1, 2]) hypervisor.start(agent, { nip: 0x1000, r3: 0n, ile: false });
  return [0, 1, 2, 0].map((agent, i) => {
    if (i === 2) between(made);
    hypervisor.checks.latch(agent, { kind: 'slb-multihit', recovered: i === 0, address: 0n });
    firmware.report(agent, 0n);
    return readErrorLog(machine.ram.readBytes(firmware.buffer + 8, 64)).severity;
  });
}

it.each([
  ['never fatal, QEMU', {}, [ERROR_SYNC, ERROR_SYNC, ERROR_SYNC, ERROR_SYNC]],
  ['fatal if not recovered', { fatal: 'unrecovered' }, [ERROR_SYNC, FATAL, FATAL, FATAL]],
  [
    'already reported after a fatal one, on any vCPU (LoPAR)',
    { fatal: 'unrecovered', afterFatal: 'already-reported' },
    [ERROR_SYNC, FATAL, ALREADY_REPORTED, ALREADY_REPORTED],
  ],
  [
    'as diagnosed where none was fatal',
    { afterFatal: 'already-reported' },
    [ERROR_SYNC, ERROR_SYNC, ERROR_SYNC, ERROR_SYNC],
  ],
] as const)('a check is reported %s', (_how, options, expected) => {
  expect(severities(options)).toEqual(expected);
});

it('a fatal check was not reported to an OS that comes after', () => {
  const options = { fatal: 'unrecovered', afterFatal: 'already-reported', deregister: true } as const;
  const found = severities(options, ({ call }) => {
    call(0, TOKENS.NMI_DEREGISTER, [], 1);
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
  });
  expect(found).toEqual([ERROR_SYNC, FATAL, FATAL, ALREADY_REPORTED]);
});
