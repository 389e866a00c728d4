/**
 * RTAS tokens of QEMU's pseries machine (include/hw/ppc/spapr.h, RTAS_TOKEN_BASE 0x2000). The names are PAPR's in capitals
 * and without `ibm,`, fit for assembly text.
 */
export const TOKENS = {
  POWER_OFF: 0x2003,
  QUERY_CPU_STOPPED_STATE: 0x2005,
  START_CPU: 0x2006,
  STOP_SELF: 0x2007,
  OS_TERM: 0x201f,
  NMI_REGISTER: 0x202b,
  NMI_INTERLOCK: 0x202c,
  /** The lab's own number: LoPAR has the call, QEMU has not. */
  NMI_REGISTER_2: 0x20fe,
  /** The lab's own, which no platform has: LoPAR knows no way to end a registration. */
  NMI_DEREGISTER: 0x20ff,
} as const;
