import { instructionAddress, type StepMachine } from '@checkstop/hypervisor';
import { CheckstopError, definePlugin, type Lease, u32 } from '@checkstop/kernel';
import { MSR, type Vcpu, VECTOR } from '@checkstop/ppc-core';
import { version } from '../package.json';
import { queryCpuStoppedState, startCpu, stopSelf } from './calls/cpu.ts';
import { osTerm, powerOff } from './calls/end.ts';
import { nmiDeregister } from './calls/nmi-deregister.ts';
import { nmiInterlock } from './calls/nmi-interlock.ts';
import { nmiRegister } from './calls/nmi-register.ts';
import type { Fwnmi, Registration } from './capability.ts';
import { logOf } from './check-log.ts';
import { declareInterlock } from './interlock.ts';
import { judge } from './judge.ts';
import { writeErrorLog } from './log/index.ts';
import { options as schema } from './options.ts';
import { declareRebootPolicy } from './reboot-policy.ts';
import { firstInstruction, GENERATIONS, registrationFields } from './registration.ts';
import { ReportBuffer } from './report-buffer.ts';
import { ReportPlace } from './report-place.ts';
import { RtasSpace } from './rtas-space.ts';
import { fwnmiSections } from './sections.ts';
import { declareSeverity } from './severity.ts';
import { systemResetEntry } from './system-reset.ts';
import { TOKENS } from './tokens.ts';

/**
 * Firmware's side of FWNMI: the RTAS calls, the registration, the interlock, the buffer with its error log, and the
 * properties of the contract. Strategies deliver checks with it; guests call it.
 */
export const fwnmi = definePlugin({
  name: '@checkstop/rtas-fwnmi',
  version,
  contract: 1,
  requires: ['processor', 'hypervisor'],
  provides: ['rtas', 'fwnmi', 'systemResetEntry'],
  options: schema,
  setup(ctx, options) {
    const hypervisor = ctx.use('hypervisor');
    const processor = ctx.use('processor');
    const space = new RtasSpace({ ...options, vcpus: ctx.agentCount });
    const place = new ReportPlace(ctx, space, options.register2);
    const buffer = new ReportBuffer(ctx, place);
    const registration = ctx.state('shared', 'fwnmi.registration', registrationFields);
    const generation = ctx.state('shared', 'fwnmi.generation', { count: u32 });
    const nextGeneration = () => {
      generation.at().count = (generation.at().count + 1) % GENERATIONS;
    };
    const rated = declareSeverity(ctx, options);
    const poison = () => {
      if (options.poisonLog) buffer.poison();
    };
    const drop = (agent: number) => {
      const check = hypervisor.checks.pending(agent);
      if (!check) return;
      hypervisor.checks.take(agent);
      const recoverable = (check.srr1 & MSR.RI) !== 0n;
      ctx.bus.emit('checkDropped', { agent, nip: check.srr0, recoverable });
    };
    let leases: Lease[] = [];
    const interlock = declareInterlock(ctx, {
      released: hypervisor.condition('interlock'),
      wake: options.wake,
      handOff: options.handOff,
      onRelease: poison,
      onChange() {
        for (const lease of leases) lease.changeHands();
      },
      onHolderCheck(agent) {
        if (options.holderCheck === 'nothing') return;
        const recovered = hypervisor.checks.pending(agent)?.recovered === true;
        if (options.holderCheck === 'drop-recovered' && recovered) drop(agent);
        else ctx.machine.stop('checkstop', agent);
      },
    });

    const firmware: Fwnmi = {
      rtas: space,
      get buffer() {
        return place.buffer;
      },
      get sharedSprg() {
        return place.inPage7 ? 'sprg1' : 'sprg2';
      },
      interlock,
      get registration() {
        const { valid, systemReset, machineCheck } = registration.at();
        return valid ? { systemReset, machineCheck } : undefined;
      },
      get generation() {
        return generation.at().count;
      },
      frame: (bytes) => space.reserve(bytes),
      report(agent, r3, form) {
        const check = hypervisor.checks.pending(agent);
        if (!check)
          throw new CheckstopError(
            'FWNMI_NO_CHECK',
            `vCPU ${agent} has no pending check to report; ask hypervisor.checks.pending() first.`,
            { agent },
          );
        const found = { ...check, recovered: check.recovered || options.disposition === 'recovered' };
        buffer.write(r3, form?.log ?? writeErrorLog(rated(logOf(found, options.log))), form?.endian);
        hypervisor.checks.take(agent);
        ctx.bus.emit('logWritten', { agent, buffer: place.buffer });
      },
      enterRoutine(agent, routine = registration.at().machineCheck) {
        const target = processor.vcpus[agent] as Vcpu;
        const sf = options.entrySf === 'set' ? MSR.SF : target.reg('msr') & MSR.SF;
        const le = options.entryLe === 'ile' ? target.reg('ile') : target.reg('msr') & MSR.LE;
        target.setReg('msr', sf | MSR.ME | le);
        target.nip = instructionAddress(routine);
        target.setGpr(3, BigInt(place.buffer));
        ctx.bus.emit('handedOver', { agent });
      },
    };

    const register = (agent: number, routines: Registration, inPage7: boolean) => {
      const { valid, machineCheck: old } = registration.at();
      Object.assign(registration.at(), { valid: true, ...routines });
      nextGeneration();
      if (options.registering === 'releases') interlock.abandon(agent);
      place.inPage7 = inPage7;
      // Page 7 is firmware's from now on.
      if (inPage7 && interlock.holder === -1) poison();
      if (valid && instructionAddress(old) !== instructionAddress(routines.machineCheck))
        ctx.bus.emit('registrationGone', { agent, ranges: [firstInstruction(old)] });
      ctx.bus.emit('registered', { agent, ...routines });
    };
    const register2 = nmiRegister(
      ctx,
      hypervisor,
      options,
      (agent, routines) => register(agent, routines, true),
      'ibm,nmi-register-2',
    );
    const deregister = (agent: number) => {
      const { valid, machineCheck } = registration.at();
      registration.clear();
      nextGeneration();
      const { holder } = interlock;
      interlock.reset();
      place.inPage7 = false;
      if (valid) ctx.bus.emit('registrationGone', { agent, ranges: [firstInstruction(machineCheck)] });
      ctx.bus.emit('deregistered', { agent, holder });
    };
    hypervisor.sections.push(...fwnmiSections(ctx, registration, interlock, place));
    // Taken to 0x200 as the ISA has it, without a log: an OS that registers afterwards is not to hear of it. Nobody touches another vCPU's.
    ctx.bus.on('interrupt', ({ agent, vector }) => {
      if (vector === VECTOR.machineCheck && !registration.at().valid) hypervisor.checks.take(agent);
    });
    if (options.stopSelf === 'releases')
      ctx.bus.on('stoppedSelf', ({ agent }) => {
        if (interlock.holder === agent) interlock.release(agent);
      });
    const registered = () => registration.at().valid;
    const calls = new Map<number, StepMachine>([
      [
        TOKENS.NMI_REGISTER,
        nmiRegister(ctx, hypervisor, options, (agent, routines) => register(agent, routines, false)),
      ],
      ...(options.register2 ? [[TOKENS.NMI_REGISTER_2, register2] as const] : []),
      [
        TOKENS.NMI_INTERLOCK,
        nmiInterlock(ctx, hypervisor, { registered, interlock, byNonHolder: options.byNonHolder }),
      ],
      ...(options.deregister ? [[TOKENS.NMI_DEREGISTER, nmiDeregister(ctx, hypervisor, deregister)] as const] : []),
      [TOKENS.START_CPU, startCpu(ctx, hypervisor)],
      [TOKENS.STOP_SELF, stopSelf(ctx, hypervisor)],
      [TOKENS.QUERY_CPU_STOPPED_STATE, queryCpuStoppedState(ctx, hypervisor)],
      [TOKENS.OS_TERM, osTerm(ctx, hypervisor)],
      [TOKENS.POWER_OFF, powerOff(ctx, hypervisor)],
    ]);

    ctx.provide('fwnmi', firmware);
    const routine = () => (options.resetRoutine === 'registered' ? firmware.registration?.systemReset : undefined);
    ctx.provide('systemResetEntry', systemResetEntry(ctx, { processor, space, routine, r3: options.resetR3 }));
    ctx.provide('rtas', { machineFor: (token) => calls.get(token) });
    ctx.stops('os-term', 'power-off');
    ctx.describe({
      lanes: [{ name: 'interlock', value: () => (interlock.holder === -1 ? '-' : `vcpu${interlock.holder}`) }],
    });
    ctx.onReady(() => {
      if (!ctx.ram.holds(space.base, space.size))
        throw new CheckstopError(
          'RTAS_OUTSIDE_RAM',
          `RTAS space, ${space.size} bytes at 0x${space.base.toString(16)}, lies outside the ${ctx.ram.size} bytes of RAM; give fwnmi() another base or the hypervisor more RAM.`,
          { base: space.base, size: space.size, ram: ctx.ram.size },
        );
      leases = place.leased.map((range) => ctx.arena.lease({ ...range, holder: () => interlock.reader }));
      poison(); // frames are now what they are after every release, so that no state tells the two apart
    });
    judge(ctx, {
      ...{ hypervisor, processor, place, buffer, interlock, registration, options },
      lease: () => leases[place.inPage7 ? 1 : 0] ?? { heldBy: () => false },
      rebootDue: (agent) => policy.due(agent),
    });
    const policy = declareRebootPolicy(ctx, options, registered);
  },
});
