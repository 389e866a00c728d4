/* Machine-check delivery as a model: VCPUS processors, one lock around every exit to the hypervisor, one interlock and
 * one log buffer. The peer of `checkstop explore`; each strategy is a file that defines VECTOR, WHILE_TAKEN and HAND_OVER
 * and includes this one.
 *
 * A statement is one guest instruction, or one step of the hypervisor. A check may strike before every guest instruction,
 * CHECKS times on each vCPU. A value is a token that says what it is, so corruption is an inequality.
 *
 *   VCPUS       processors (2)
 *   CHECKS      checks that may strike each of them (1)
 *   PERSISTENT  the guest keeps a value in SPRG2 for good (0: it is scratch of the exception prologue, as in Linux)
 *   ENTRY_ME    MSR[ME] in the 0x200 vector (0: a check there is a checkstop; 1: it strikes)
 *   TEST_RI     the handler panics if SRR1[RI] is 0 (1)
 *   INTERLOCK   a report takes the interlock (1)
 */
#ifndef VCPUS
#define VCPUS 2
#endif
#ifndef CHECKS
#define CHECKS 1
#endif
#ifndef PERSISTENT
#define PERSISTENT 0
#endif
#ifndef ENTRY_ME
#define ENTRY_ME 0
#endif
#ifndef TEST_RI
#define TEST_RI 1
#endif
#ifndef INTERLOCK
#define INTERLOCK 1
#endif

/* Where a vCPU can be struck: the next instruction. This is what SRR0 holds, and what an rfid goes back to. */
mtype = {
  workPlain, sysEntry, sysScratch, sysReadBack, sysSaved, selfCheck, idle,
  vec1, vec2, vec3, vec4, vec5, vec6, vec7,
  entry, testRi, readSavedR3, readHeader, readBody, askInterlock, repair, exitRi0, exitR3,
  lost /* SRR0/1 after an `sc 1` wrote them */
}

/* MSR[RI]=0: SRR0/1 are live, so whoever is struck there can never resume (contract: noFalseResume). */
#define ri0(at) (at == sysScratch || at == sysReadBack || at == sysSaved || (at <= vec1 && at >= vec7) || \
                 at == entry || at == readSavedR3 || at == readHeader || at == readBody || at == testRi || \
                 at == askInterlock || at == exitRi0 || at == exitR3 || at == lost)
/* (spin numbers an mtype downwards.) */
#define inVector(at) (at <= vec1 && at >= vec7)

/* What GPR3 and SPRG2 hold. */
#define OWN 1       /* the interrupted code's value */
#define NUMBER 2    /* the report call's number */
#define BUSY 3      /* ... its answer */
#define BUFFER 4    /* ... its other answer */
#define SCRATCH 5   /* a handler's or a prologue's value */
#define KEPT 6      /* what a PERSISTENT guest put into SPRG2 at boot */

typedef Context { mtype at; byte r3; byte sprg2 }   /* ghost: what was interrupted */
typedef SaveArea { mtype srr; byte r3 }             /* the handler's memory, one per level */
typedef Log { byte owner; byte left; byte r3; mtype srr }

byte lock;        /* holder of the lock around every exit; vCPUs count from 1 */
byte interlock;   /* holder of the FWNMI interlock */
byte waiting;     /* vCPUs on the interlock's condition, a bit each */
bool stopped;     /* the machine stopped itself: panic or checkstop */
Log log;

#define me (_pid + 1)
#define mine (1 << _pid)
#define ACQUIRE if :: atomic { lock == 0 -> lock = me } :: stopped -> goto end_stopped fi
#define RELEASE lock = 0

#define STRIKE(place) d_step { left > 0 -> left--; srr = place; sampled = place; \
  was[level].at = place; was[level].r3 = r3; was[level].sprg2 = sprg2; level++ } -> goto struck
/* One instruction that writes nothing but its own processor, and the check that may come before it. */
#define INSTRUCTION(place, effect) if :: d_step { effect } :: STRIKE(place) fi

active [VCPUS] proctype vcpu() {
  byte left = CHECKS, level, r3 = OWN, sprg2 = (PERSISTENT -> KEPT : SCRATCH);
  mtype srr, sampled, back;
  Context was[CHECKS];
  SaveArea area[CHECKS];

  /* ---- one pass of work: plain code, an exception, the self-check, then H_CEDE for good ---- */
atWorkPlain:  INSTRUCTION(workPlain, skip);
atSysEntry:   INSTRUCTION(sysEntry, skip);                               /* sc 0: RI=0 from here */
#if PERSISTENT
              INSTRUCTION(sysScratch, skip);
              INSTRUCTION(sysReadBack, skip);
#else
              INSTRUCTION(sysScratch, sprg2 = OWN);                      /* mtsprg2 r13 */
              INSTRUCTION(sysReadBack, assert(sprg2 == OWN));            /* mfsprg2 r13 */
#endif
              INSTRUCTION(sysSaved, skip);                               /* rfid follows: RI=1 */
#if PERSISTENT
atSelfCheck:  INSTRUCTION(selfCheck, assert(sprg2 == KEPT));
#else
atSelfCheck:  INSTRUCTION(selfCheck, sprg2 = SCRATCH);
#endif
end_idle:     if :: STRIKE(idle) :: stopped -> goto end_stopped fi;

  /* ---- the check strikes ---- */
struck:
#if !ENTRY_ME
              if :: inVector(sampled) -> stopped = true; goto end_stopped :: else fi;
#endif
vector:       VECTOR;

  /* ---- hypervisor: every statement is one step ---- */
report:       ACQUIRE;
claim:        if :: interlock == me -> stopped = true; goto end_stopped :: else fi;  /* struck before its interlock call */
#if INTERLOCK
              if :: interlock == 0 -> skip :: interlock != 0 -> WHILE_TAKEN fi;
              interlock = me;
#endif
              d_step { log.owner = me; log.left = left };
              HAND_OVER;

  /* ---- the registered routine ---- */
handler:      INSTRUCTION(entry, area[level - 1].srr = srr);
#if TEST_RI                                                                  /* before the log is read: fewer states, same verdicts */
              if :: ri0(area[level - 1].srr) -> goto panic :: !ri0(area[level - 1].srr) :: STRIKE(testRi) fi;
#endif
              INSTRUCTION(readSavedR3, area[level - 1].r3 = log.r3);
              INSTRUCTION(readHeader, assert(log.owner == me && log.left == left));
              INSTRUCTION(readBody, assert(log.owner == me && log.left == left));
              INSTRUCTION(askInterlock, r3 = SCRATCH);                   /* sc 1: ibm,nmi-interlock */
              srr = lost;
              ACQUIRE;
              if
              :: d_step { interlock == me -> interlock = 0; waiting = 0; log.owner = 0; log.left = 0; log.r3 = 0; log.srr = 0 }
              :: else
              fi;
              RELEASE;
atRepair:     INSTRUCTION(repair, skip);                                 /* RI=1 before, RI=0 after */
              INSTRUCTION(exitRi0, srr = area[level - 1].srr);
              INSTRUCTION(exitR3, r3 = area[level - 1].r3);
  /* ---- rfid ---- */
              d_step {
                level--;
                back = was[level].at;
                assert(srr == back && !ri0(back));
                assert(r3 == was[level].r3);
                assert(!PERSISTENT || sprg2 == was[level].sprg2);
                srr = 0; sampled = 0;
                was[level].at = 0; was[level].r3 = 0; was[level].sprg2 = 0; area[level].srr = 0; area[level].r3 = 0
              };
              if
              :: d_step { back == workPlain -> back = 0 }; goto atWorkPlain
              :: d_step { back == sysEntry -> back = 0 }; goto atSysEntry
              :: d_step { back == selfCheck -> back = 0 }; goto atSelfCheck
              :: d_step { back == idle -> back = 0 }; goto end_idle
              :: d_step { back == repair -> back = 0 }; goto atRepair
              fi;

panic:        assert(ri0(was[level - 1].at));                            /* a panic must be justified */
              stopped = true;
end_stopped:  false
}
