/** Status of an RTAS call, its first result (LoPAR, "RTAS Call Return Codes"). */
export const RtasStatus = { SUCCESS: 0, HARDWARE_ERROR: -1, PARAMETER_ERROR: -3 } as const;
