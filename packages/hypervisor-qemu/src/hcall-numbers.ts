/** Hypercall numbers of QEMU's pseries machine: PAPR's, and the private one behind its RTAS stub (include/hw/ppc/spapr.h). */
export const HCALL = {
  H_SET_SPRG0: 0x24,
  H_REGISTER_VPA: 0xdc,
  H_CEDE: 0xe0,
  H_SET_MODE: 0x31c,
  H_SIGNAL_SYS_RESET: 0x380,
  KVMPPC_H_RTAS: 0xf000,
} as const;
