import { H_PARAMETER, H_SUCCESS, rtasBlock } from '@checkstop/hypervisor';
import { RtasStatus, TOKENS } from '@checkstop/rtas-fwnmi';
import { defineMutant, optionsOf } from './mutant.ts';
import { otherwise, providing } from './provided.ts';
import { contended } from './subject.ts';

/** Mistakes with the interlock, whatever the strategy: they take two vCPUs to be seen, but for one that lets go too early. */
export const interlocking = [
  defineMutant({
    name: 'interlock-for-all',
    what: 'nobody takes the interlock: a second report overwrites the log that the first routine reads',
    seenBy: ['ownLog', 'entryContract'],
    applies: contended,
    alter: {
      firmware: (plugin, acted) =>
        providing(plugin, 'fwnmi', (fwnmi) =>
          otherwise(fwnmi, {
            interlock: otherwise(fwnmi.interlock, {
              tryTake() {
                acted();
                return true;
              },
            }),
          }),
        ),
    },
  }),
  defineMutant({
    name: 'interlock-let-go',
    what: 'the interlock is given back as the log is written, before the routine has read it',
    seenBy: ['ownLog', 'entryContract'],
    // Somebody must overwrite the log: another vCPU, or firmware, which wipes it.
    applies: (subject) => contended(subject) || optionsOf(subject.firmware).poisonLog === true,
    alter: {
      firmware: (plugin, acted) =>
        providing(plugin, 'fwnmi', (fwnmi) =>
          otherwise(fwnmi, {
            report(...report: Parameters<typeof fwnmi.report>) {
              fwnmi.report(...report);
              acted();
              fwnmi.interlock.release(report[0]);
            },
          }),
        ),
    },
  }),
  defineMutant({
    name: 'interlock-kept',
    what: 'ibm,nmi-interlock says that it succeeded, and gives nothing back',
    seenBy: ['noDeadlock'],
    applies: contended,
    alter: {
      firmware: (plugin, acted) =>
        providing(plugin, 'rtas', (rtas, ctx) => {
          const kept = ctx.use('hypervisor').steps({
            name: 'ibm,nmi-interlock',
            clobbers: 'rtas',
            steps: {
              call(c) {
                acted();
                const block = rtasBlock(ctx.ram, c.vcpu.gpr(4));
                block?.setResult(0, RtasStatus.SUCCESS);
                return c.done(block ? H_SUCCESS : H_PARAMETER);
              },
            },
          });
          return { machineFor: (token) => (token === TOKENS.NMI_INTERLOCK ? kept : rtas.machineFor(token)) };
        }),
    },
  }),
  defineMutant({
    name: 'lost-wakeup',
    what: 'giving the interlock back wakes nobody of those that wait for it',
    seenBy: ['noDeadlock'],
    applies: contended,
    alter: {
      hypervisor: (plugin, acted) =>
        providing(plugin, 'hypervisor', (hypervisor) =>
          otherwise(hypervisor, {
            condition(name: string) {
              const condition = hypervisor.condition(name);
              const lost = () => {
                if (condition.waiters !== 0) acted();
              };
              // In place: the hypervisor knows its conditions by identity.
              return Object.assign(condition, { signal: lost, broadcast: lost, wake: lost });
            },
          }),
        ),
    },
  }),
];
