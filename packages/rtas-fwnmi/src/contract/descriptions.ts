/** What each property of the contract asks, for reports. */
export const DESCRIPTIONS: Readonly<Record<string, string>> = {
  entryContract:
    'At the first instruction of the registered routine, r3 points to a 16-byte-aligned buffer in RTAS space that holds the old r3 and a version 6 log whose sections can be walked, SRR0 and SRR1 say where the check struck, and every other register is as the check found it (LoPAR R1-7.3.14-13).',
  resumeContext:
    'At the first instruction after the routine for checks, or that for system resets, returned, every register that the interrupted code could still use has the value it had, and no reservation survives.',
  noFalseResume:
    'Code that the check or a system reset struck while RI was 0 is never resumed: SRR0 and SRR1 were live there and are lost.',
  justifiedStop:
    'The machine stops for a reason only: a guest panics on RI=0, in a system reset too, or on an unrecoverable log, a checkstop needs ME=0 or a vCPU that already holds the interlock, and no vCPU runs for ever without idling, or is struck for ever by a check whose cause nobody repairs.',
  delivered:
    'Every check reaches the registered routine or ends the machine, and the routine is never entered without a check of its own vCPU.',
  ownLog:
    'What the routine reads of the log between its entry and ibm,nmi-interlock describes the check of its own vCPU.',
  noDeadlock: 'No run ends with a vCPU that waits for ever, or with a check that will never be delivered.',
  noStale:
    'No check and no system reset is taken to a routine whose registration was replaced, or its kernel was, before firmware handed it over, and the hypervisor writes to no VPA, dispatch trace log or SLB shadow that the running kernel did not register; a reset of the machine leaves nothing of it all to the next kernel.',
  progress:
    'Every check that strikes a vCPU is in the end delivered, dropped or aborted, or the machine stops: no vCPU can be kept from its handler for ever, nor by one check from its work.',
  deliveredAndResumed:
    "Each vCPU can be struck, delivered to and resumed at every RI=1 instruction of the guest's work: without that, the other properties hold of nothing.",
};
