import { optionsOf, type Subject } from './mutant.ts';

/** How many checks may strike each vCPU. */
export const checksEach = ({ injector }: Subject): number => Number(optionsOf(injector).perVcpu ?? 0);

/** Whether two vCPUs can want the interlock at a time. */
export const contended = (subject: Subject): boolean => (subject.hypervisor.agents ?? 1) > 1 && checksEach(subject) > 0;

/** Whether a report that finds the interlock held is made again by the guest's vector. */
export const retriesInGuest = ({ strategy }: Subject): boolean =>
  strategy.name === 'hcall-busy' || optionsOf(strategy).waiting === 'guest-retry';
