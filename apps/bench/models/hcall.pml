/* The vector that the hcall strategies share: r3 goes through SPRG2, `sc 1` reports, and a private frame behind the log
 * gives SRR0/1 back. An `sc 1` writes SRR0/1 as it executes, so they reach the frame from the sample taken at the strike. */
#define VECTOR \
              INSTRUCTION(vec1, sprg2 = r3);       /* mtsprg2 r3 */ \
again:        INSTRUCTION(vec2, r3 = NUMBER);      /* li r3, the call's number */ \
              INSTRUCTION(vec3, srr = lost)        /* sc 1 */

#define HAND_OVER \
              d_step { log.r3 = sprg2; log.srr = sampled }; \
              d_step { RELEASE; r3 = BUFFER }; \
              INSTRUCTION(vec5, srr = log.srr);    /* SRR0/1 out of the frame, r4 parked there */ \
              INSTRUCTION(vec6, skip);             /* r4 back */ \
              INSTRUCTION(vec7, skip)              /* branch to the registered routine */
