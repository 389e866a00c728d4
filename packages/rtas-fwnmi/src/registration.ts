import { type AddressRange, instructionAddress } from '@checkstop/hypervisor';
import { bool, u32 } from '@checkstop/kernel';

/** What ibm,nmi-register registered, as state: addresses as the OS gave them. */
export const registrationFields = { valid: bool, systemReset: u32, machineCheck: u32 };

/** How many registrations and ends of them are told apart; even, so that one and its end never look the same. */
export const GENERATIONS = 4;

/** The first instruction of a routine: all of it whose end is known. */
export const firstInstruction = (routine: number): AddressRange => {
  const start = instructionAddress(routine);
  return { start, end: start + 4 };
};
