import type { Vcpu } from '@checkstop/ppc-core';

/** DSISR: an uncorrectable error of a load or store. */
const DSISR_UE = 0x8000n;

/** Severity ERROR_SYNC (3), disposition NOT_RECOVERED (2), and no extended part. */
const SEVERITY_DISPOSITION = 0x70;
/** Initiator and target MEMORY (4). */
const INITIATOR_TARGET = 0x44;
const ECC_UNCORRECTED = 9;

/**
 * The log of the PowerKVM series: a fixed part without its length, of version 0 where PAPR has 6, always a synchronous error of
 * memory that is not recovered, whatever the check was.
 */
export const fixedLog = (vcpu: Vcpu): Uint8Array => {
  const type = (vcpu.reg('dsisr') & DSISR_UE) === 0n ? 0 : ECC_UNCORRECTED;
  return Uint8Array.of(0, SEVERITY_DISPOSITION, INITIATOR_TARGET, type);
};
