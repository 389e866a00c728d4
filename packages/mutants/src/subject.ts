import { optionsOf, type Subject } from './mutant.ts';

/** How many checks may be under way on a vCPU: where any number may strike, they do one after another. */
export const checksEach = ({ injector }: Subject): number => {
  const { perVcpu = 0 } = optionsOf(injector);
  return perVcpu === 'unbounded' ? 1 : Number(perVcpu);
};

/** Whether two vCPUs can want the interlock at a time. */
export const contended = (subject: Subject): boolean => (subject.hypervisor.agents ?? 1) > 1 && checksEach(subject) > 0;

/** Whether a report that finds the interlock held is made again by the guest's vector. */
export const retriesInGuest = ({ strategy }: Subject): boolean =>
  strategy.name === 'hcall-busy' || optionsOf(strategy).waiting === 'guest-retry';
