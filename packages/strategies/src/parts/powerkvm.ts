import type { fwnmi } from '@checkstop/rtas-fwnmi';
import * as v from 'valibot';

/** Number of the report call of both series, KVMPPC_H_REPORT_MC_ERR. */
export const REPORT = 0xf004;
/** What it answers while another report is under way. */
export const BUSY = 0;

/** The option that takes the sampling at the report out. */
export const sampleOption = v.optional(
  v.pipe(
    v.picklist(['report', 'injection']),
    v.description(
      'When SRR0 and SRR1 are sampled. At the report it is too late: sc overwrites them as it executes (Power ISA, Book III).',
    ),
  ),
  'report',
);

/** What firmware was like under both series, with PAPR's buffer so many bytes behind RTAS's base. */
export const firmwareWith = (buffer: number): NonNullable<Parameters<typeof fwnmi>[0]> => ({
  base: 0xd000,
  size: 0x2000,
  buffer,
  registerBelow: 64 << 20,
  byNonHolder: 'release',
  holderCheck: 'nothing',
  poisonLog: false,
  resetRoutine: 'ignored',
});
