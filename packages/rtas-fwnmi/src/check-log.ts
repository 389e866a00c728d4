import type { CheckKind, StruckCheck } from '@checkstop/hypervisor';
import {
  type ErrorLog,
  longestLog,
  type MachineCheckError,
  machineCheckLog,
  Severity,
  withMainSections,
} from './log/index.ts';
import type { FwnmiOptions } from './options.ts';

type Diagnose = (check: Pick<StruckCheck, 'address' | 'srr0'>) => MachineCheckError;

const dar = (check: Pick<StruckCheck, 'address'>) => ({ effectiveAddress: check.address });
/** Instruction side: the address that failed is the one that was to be fetched. */
const nip = (check: Pick<StruckCheck, 'srr0'>) => ({ effectiveAddress: check.srr0 });

/** What QEMU makes of each syndrome (hw/ppc/spapr_events.c); a UE of a load or store is the one without an address. */
const DIAGNOSES: Readonly<Record<CheckKind, Diagnose>> = {
  'slb-multihit': (check) => ({ type: 'slb', cause: 'multihit', ...dar(check) }),
  'slb-parity': (check) => ({ type: 'slb', cause: 'parity', ...dar(check) }),
  'erat-multihit': (check) => ({ type: 'erat', cause: 'multihit', ...dar(check) }),
  'tlb-multihit': (check) => ({ type: 'tlb', cause: 'multihit', ...dar(check) }),
  'ue-load-store': () => ({ type: 'ue', transient: false, access: 'load-store' }),
  'ue-table-walk': (check) => ({ type: 'ue', transient: false, access: 'load-store-table-walk', ...dar(check) }),
  'ue-fetch': (check) => ({ type: 'ue', transient: false, access: 'instruction-fetch', ...nip(check) }),
  'slb-parity-fetch': (check) => ({ type: 'slb', cause: 'parity', ...nip(check) }),
  'slb-multihit-fetch': (check) => ({ type: 'slb', cause: 'multihit', ...nip(check) }),
  'erat-multihit-fetch': (check) => ({ type: 'erat', cause: 'multihit', ...nip(check) }),
  'tlb-multihit-fetch': (check) => ({ type: 'tlb', cause: 'multihit', ...nip(check) }),
  'ue-table-walk-fetch': (check) => ({ type: 'ue', transient: false, access: 'instruction-table-walk', ...nip(check) }),
  unknown: () => ({ type: 'ue', transient: false, access: 'indeterminate' }),
};

/**
 * The log for a check that struck, with the sections that the option `log` of `fwnmi` says. A syndrome that firmware does not know
 * gets severity NO_ERROR, QEMU's habit.
 */
export function logOf(check: StruckCheck, sections: FwnmiOptions['log'] = 'mc'): ErrorLog {
  const log = machineCheckLog({
    severity: check.kind === 'unknown' ? Severity.NO_ERROR : Severity.ERROR_SYNC,
    recovered: check.recovered,
    error: DIAGNOSES[check.kind](check),
  });
  if (sections === 'mc') return log;
  return sections === 'main' ? withMainSections(log) : longestLog(withMainSections(log));
}
