/** Return codes of hypercalls (LoPAR, "Hypervisor Call Return Codes"). */
export const H_SUCCESS = 0;
export const H_FUNCTION = -2;
export const H_PRIVILEGE = -3;
export const H_PARAMETER = -4;
export const H_P2 = -55;
export const H_P3 = -56;
export const H_P4 = -57;
export const H_UNSUPPORTED_FLAG = -256;
