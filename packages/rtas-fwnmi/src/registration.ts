import { bool, u32 } from '@checkstop/kernel';

/** What ibm,nmi-register registered, as state: addresses as the OS gave them. */
export const registrationFields = { valid: bool, systemReset: u32, machineCheck: u32 };
