/* The report call waits on a condition, which drops the lock. */
#include "hcall.pml"
#include "wait.pml"
#include "vcpu.pml"
