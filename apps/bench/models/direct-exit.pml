/* The check exits to the hypervisor, which sets up the registered routine from outside: nothing runs in the vector. */
#include "wait.pml"
#define VECTOR skip
#define HAND_OVER \
              d_step { log.r3 = r3; log.srr = sampled }; \
              d_step { RELEASE; r3 = BUFFER }
#include "vcpu.pml"
