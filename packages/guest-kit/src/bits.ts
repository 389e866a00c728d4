import { type AsmSource, asm } from '@checkstop/ppc-core';

/** Names for MSR bits and for what firmware's buffer holds: what r3 was, then the error log (PAPR, FWNMI and error log version 6). */
export const bits: AsmSource = asm`
        .set    MSR_RI, 2
        .set    MSR_LE, 1
        .set    MSR_PR, 0x4000
        .set    LOG, 8                  # in the buffer
        .set    LOG_HEADER, LOG+8       # the extended header
        .set    LOG_LAST, LOG+56        # last doubleword of a log with one machine-check section
        .set    EXTENDED, 0x04          # in byte 1 of the log: an extended part follows
        .set    FATAL, 5                # severity, the top three bits of that byte
        .set    NOT_RECOVERED, 0x18     # disposition, two more bits of that byte, 0 when it was recovered
        .set    UNRECOVERABLE, 0x40     # in byte 0 of the extended header
`;
