/** Tokens of RTAS calls by PAPR's names, as QEMU's pseries machine has them (include/hw/ppc/spapr.h, RTAS_TOKEN_BASE 0x2000). */
export const RTAS_TOKENS = {
  'power-off': 0x2003,
  'query-cpu-stopped-state': 0x2005,
  'start-cpu': 0x2006,
  'stop-self': 0x2007,
  'ibm,os-term': 0x201f,
  'ibm,nmi-register': 0x202b,
  'ibm,nmi-interlock': 0x202c,
} as const;
