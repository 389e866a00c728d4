// Return codes of hypercalls, in r3 (LoPAR, "Hypervisor Call Return Codes").

/** Done. */
export const H_SUCCESS = 0;
/** What was asked for is beyond the hardware. */
export const H_HARDWARE = -1;
/** There is no such hypercall, or not now. */
export const H_FUNCTION = -2;
/** The caller was in problem state. */
export const H_PRIVILEGE = -3;
/** A parameter, whichever, cannot be. */
export const H_PARAMETER = -4;
/** Something else has to be there first, or gone first. */
export const H_RESOURCE = -16;
/** The second parameter, r5, cannot be. */
export const H_P2 = -55;
/** The third parameter, r6, cannot be. */
export const H_P3 = -56;
/** The fourth parameter, r7, cannot be. */
export const H_P4 = -57;
/** Flags that this hypercall does not know. */
export const H_UNSUPPORTED_FLAG = -256;
