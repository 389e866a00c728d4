/* The report call retries inside the hypervisor and keeps the lock. */
#include "hcall.pml"
#define WHILE_TAKEN if :: interlock == 0 :: stopped -> goto end_stopped fi
#include "vcpu.pml"
