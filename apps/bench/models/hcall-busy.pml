/* The report call answers busy, and the vector calls again. */
#include "hcall.pml"
#define WHILE_TAKEN d_step { RELEASE; r3 = BUSY }; \
              if :: stopped -> goto end_stopped :: !stopped :: STRIKE(vec4) fi; /* b back, unless the machine is gone */ \
              goto again
#include "vcpu.pml"
