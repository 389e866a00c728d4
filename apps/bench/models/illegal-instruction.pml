/* An illegal instruction in the vector reports through HSRR0/1; while the interlock is taken it is executed again. */
#define VECTOR INSTRUCTION(vec1, skip)
#define WHILE_TAKEN RELEASE; if :: stopped -> goto end_stopped :: else -> goto vector fi
#define HAND_OVER \
              d_step { log.r3 = r3; log.srr = sampled }; \
              d_step { RELEASE; r3 = BUFFER }
#include "vcpu.pml"
