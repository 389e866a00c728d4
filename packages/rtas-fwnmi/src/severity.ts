import { bool, type PluginContext } from '@checkstop/kernel';
import { Disposition, type ErrorLog, Severity } from './log/index.ts';
import type { FwnmiOptions } from './options.ts';

/**
 * How severe firmware says a check is: as diagnosed, or fatal; and once a fatal one was reported to an OS, ALREADY_REPORTED on every
 * vCPU of that OS (LoPAR R1-7.3.14-15), with the sections as they were: so is the first cause still to be found. Another OS, which
 * registers anew, hears of its own.
 */
export function declareSeverity(
  ctx: PluginContext,
  { fatal, afterFatal }: Pick<FwnmiOptions, 'fatal' | 'afterFatal'>,
): (log: ErrorLog) => ErrorLog {
  const told = afterFatal === 'already-reported' ? ctx.state('shared', 'fwnmi.fatal', { reported: bool }) : undefined;
  if (told) for (const end of ['kernelReplaced', 'deregistered'] as const) ctx.bus.on(end, () => told.clear());
  return (log) => {
    if (told?.at().reported) return { ...log, severity: Severity.ALREADY_REPORTED };
    if (fatal === 'never' || log.disposition !== Disposition.NOT_RECOVERED) return log;
    if (told) told.at().reported = true;
    return { ...log, severity: Severity.FATAL };
  };
}
