import { Disposition, ErrorType, nameOf, Severity, Unit } from './codes.ts';
import { type ErrorLog, isUnrecoverable, machineCheckOf } from './error-log.ts';
import { explainSection } from './explain-sections.ts';

const SEVERITY_WORDS: Record<number, string> = {
  [Severity.NO_ERROR]: 'no error: firmware found no cause it knows',
  [Severity.EVENT]: 'an event, not an error',
  [Severity.WARNING]: 'a warning',
  [Severity.ERROR_SYNC]: 'an error that belongs to the interrupted instruction',
  [Severity.ERROR]: 'an error that does not belong to the interrupted instruction',
  [Severity.FATAL]: 'fatal: the partition cannot go on',
  [Severity.ALREADY_REPORTED]: 'a fatal error was reported to this partition before',
};

const DISPOSITION_WORDS: Record<number, string> = {
  [Disposition.FULLY_RECOVERED]: 'firmware repaired it fully',
  [Disposition.LIMITED_RECOVERY]: 'firmware went on with limits, such as a resource less',
  [Disposition.NOT_RECOVERED]: 'firmware did not repair it',
};

/**
 * What a log says, in words, a statement a line: its fixed part, its sections, and what Linux makes of it
 * (arch/powerpc/platforms/pseries/ras.c).
 */
export function explainLog(log: ErrorLog): string[] {
  const lines = [
    `version ${log.version}${log.version === 6 ? '' : ' (PAPR describes 6)'}`,
    `severity ${nameOf(Severity, log.severity)}: ${SEVERITY_WORDS[log.severity] ?? 'PAPR gives it no meaning'}`,
    `disposition ${nameOf(Disposition, log.disposition)}: ${DISPOSITION_WORDS[log.disposition] ?? 'PAPR gives it no meaning'}`,
    `initiator ${nameOf(Unit, log.initiator)}, target ${nameOf(Unit, log.target)}, type ${nameOf(ErrorType, log.type)}`,
  ];
  if (log.severity === Severity.FATAL && log.disposition === Disposition.FULLY_RECOVERED)
    lines.push('fatal and fully recovered at once: PAPR forbids it');
  if (!log.extended) return [...lines, 'no extended part', linuxDoes(log)];
  lines.push(`extended part: ${log.extended.flags.join(', ') || 'no flag set'}`);
  for (const section of log.extended.sections) lines.push(explainSection(section));
  if (log.extended.sections[0]?.id !== 'PH')
    lines.push('Main-A and Main-B sections are missing: LoPAR wants them first');
  return [...lines, linuxDoes(log)];
}

function linuxDoes(log: ErrorLog): string {
  const type = machineCheckOf(log)?.type;
  if (isUnrecoverable(log)) return 'the OS may panic: the log says that it cannot go on';
  if (log.disposition === Disposition.FULLY_RECOVERED) return 'Linux logs it and resumes';
  if (log.disposition === Disposition.LIMITED_RECOVERY) return 'Linux logs it, counts it as recovered and resumes';
  if (type === 'slb' || type === 'erat')
    return 'Linux flushes and reloads the SLB, counts that as the repair and resumes';
  if (type === 'ue') return 'Linux kills the task that was hit, or panics where the kernel was';
  return 'Linux sends SIGBUS to a user task, and panics where the kernel was';
}
