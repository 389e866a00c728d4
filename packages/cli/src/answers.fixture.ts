/** A question that the designers of FWNMI for QEMU asked one another, and its alternatives as cells. */
export interface Question {
  readonly question: string;
  /** Who said what, and where it is written down. */
  readonly positions: string;
  /** What `checkstop explore` takes, each with what is special about it. */
  readonly cells: readonly (readonly [command: string, what: string])[];
  /** The sentence that decides, which the cells back. */
  readonly answer: string;
}

const hcall = (waiting: string): string => `delivery:notification=hcall,waiting=${waiting} guest-linux --liveness`;

/** In the order in which the thread asked them. */
export const QUESTIONS: readonly Question[] = [
  {
    question: 'How does the hypervisor learn of the check, and the operating system of the log?',
    positions:
      'The series of 2014 and 2015 patched 0x200 with a vector that makes a hypercall. Paul Mackerras objected that `sc 1` destroys SRR0 and SRR1, and proposed a special illegal instruction. QEMU 5.0 exits and sets the routine up from outside.',
    cells: [
      ['hcall-busy guest-linux', 'a hypercall from the vector; SRR0 and SRR1 sampled when the check is injected'],
      ['hcall-busy:sample=report guest-linux', 'the same, sampled at the hypercall, as the series did'],
      ['illegal-instruction guest-linux', 'an illegal instruction as the vector'],
      [
        'illegal-instruction:testPending=false guest-linux:forge=branch',
        'the same without a look whether a check is pending, and a guest that branches to the vector',
      ],
      ['direct-exit guest-linux', 'a plain exit'],
      ['delivery:notification=architected guest-linux', 'the architected interrupt, no log'],
    ],
    answer:
      'All three ways work. `sc` writes SRR0 and SRR1 as it executes (Power ISA, Book III, System Linkage), so the hypercall needs a hypervisor that sampled them before; the illegal instruction needs one that knows which checks are pending. The architected interrupt alone reaches no registered routine, which LoPAR R1-7.3.14-10 and -13 ask for.',
  },
  {
    question: 'Who waits when two CPUs fault together?',
    positions:
      'Aravinda Prasad had the guest retry: waiting inside the hypercall would deadlock. David Gibson asked why; Sam Bobroff suspected the Big QEMU Lock, and saw nothing that stops a hypercall from dropping it.',
    cells: [
      [hcall('hold'), 'the hypercall, which keeps the lock'],
      [hcall('poll'), 'the hypercall, which drops the lock between two tries'],
      [hcall('condition'), 'the hypercall, on a condition that drops it'],
      [hcall('guest-retry'), 'the guest, which makes the call again'],
      [
        `${hcall('guest-retry')} --hypervisor qemu:bql=fifo`,
        'the same, with a lock that serves in the order of asking',
      ],
      ['direct-exit guest-linux --liveness', 'the plain exit, on a condition (QEMU 5.0)'],
      [
        'direct-exit guest-linux --liveness --profile handOff=fifo',
        'the same, the interlock handed to who waited longest',
      ],
      ['delivery:notification=exit,waiting=hold guest-linux --liveness', 'the plain exit, which keeps the lock'],
    ],
    answer:
      'Both were right: what deadlocks is not waiting in the hypervisor but keeping the lock meanwhile, which the holder needs for ibm,nmi-interlock; how the hypervisor learned of the check has no part in it. Waiting on a condition needs no fairness of anybody; whoever tries again, in the guest or in the hypervisor, hangs on the lock being fair ([liveness](liveness.md)).',
  },
  {
    question: 'Which register may the vector destroy?',
    positions:
      "Sam Bobroff took SPRG2: PAPR leaves SPRG0-3 to software, and Linux uses SPRG2 as scratch. Then they are the operating system's, said David Gibson, and another one may keep something there. LoPAR has a rule in another place: SPRG2 is shared with firmware at any hypercall, machine check or reset (general LPAR requirements, item 3), SPRG1 after ibm,nmi-register-2.",
    cells: [
      ['hcall-busy guest-linux', 'SPRG2, Linux'],
      ['hcall-busy:scratch=sprg0 guest-linux', 'SPRG0, Linux'],
      ['hcall-busy:scratch=sprg1 guest-linux', "SPRG1, Linux's PACA pointer"],
      ['hcall-busy:scratch=sprg3 guest-linux', 'SPRG3, which getcpu reads'],
      ['hcall-busy guest-other-os', 'SPRG2, an operating system that keeps a value there for good'],
      ['hcall-busy guest-other-os --profile sprg2=shared', "the same, judged by LoPAR's rule"],
      ['hcall-busy guest-other-os:sprg2=prologue', 'SPRG2, an operating system that uses it in prologues (the BSDs)'],
      [
        'hcall-busy guest-other-os:register2=true --profile register2=true',
        'SPRG1, as ibm,nmi-register-2 has it, an operating system that uses it in prologues',
      ],
      ['hcall-busy guest-linux:register2=true --profile register2=true', 'the same, Linux'],
      ['illegal-instruction guest-other-os', 'none, with an illegal instruction'],
      ['direct-exit guest-other-os', 'none, with a plain exit'],
    ],
    answer:
      "SPRG2 (SPRG1 after ibm,nmi-register-2) and no other, and only from a guest that keeps LoPAR's rule: judged by that rule the delivery is right, and what remains is the guest that finds its own value gone and stops. The illegal instruction and the plain exit destroy nothing, so the question need not be asked.",
  },
  {
    question: 'What if the same CPU faults again before ibm,nmi-interlock?',
    positions:
      'LoPAR declares that fatal. QEMU drops the second check if it was recovered; the series of 2014 and 2015 had no rule.',
    cells: [
      ['direct-exit guest-linux --vcpus 1 --checks 2', 'a checkstop (LoPAR)'],
      [
        'direct-exit guest-linux --vcpus 1 --checks 2 --profile holderCheck=drop-recovered --inject recovered=true',
        'dropped if recovered (QEMU), and it was',
      ],
      ['direct-exit guest-linux --vcpus 1 --checks 2 --profile holderCheck=nothing', 'no rule, a plain exit'],
      ['hcall-busy guest-linux --vcpus 1 --checks 2 --profile holderCheck=nothing', 'no rule, the guest retries'],
    ],
    answer:
      'LoPAR is right. Without a rule the CPU waits for an interlock that it holds itself. And a check cannot be dropped everywhere: a machine check writes SRR0 and SRR1 as it strikes (Power ISA, Book III, Machine Check Interrupt), so one that strikes the routine before it has saved them destroys those of the first, recovered or not.',
  },
  {
    question: 'What does kexec leave behind?',
    positions:
      'David Gibson asked what becomes of VPA and dispatch trace log as well, and considered an explicit deregister; Sam Bobroff a magic value in the vector, looked for at delivery. QEMU has neither. [Another kernel takes over](kexec.md) has these cells and more.',
    cells: [
      ['direct-exit guest-linux:kexec=crash --vcpus 1', 'a crash; the registration survives (QEMU)'],
      ['hcall-wait guest-linux:kexec=crash --vcpus 1', 'a crash; a vector that the new kernel wipes'],
      [
        'direct-exit guest-linux:kexec=crash,deregister=true --vcpus 1 --profile deregister=true',
        'explicit deregister, an operating system that makes the call',
      ],
      ['direct-exit guest-linux:kexec=crash --vcpus 1 --profile deregister=true', 'the same, one that does not'],
      ['direct-exit:magic=atomic guest-linux:kexec=crash --vcpus 1', 'a magic value, wiped by the new kernel (Linux)'],
      [
        'direct-exit:magic=atomic guest-linux:kexec=crash,kexecVectors=before --vcpus 1',
        'a magic value, wiped by the old kernel before it goes',
      ],
      ['direct-exit guest-linux:kexec=crash,areas=true --checks 0', 'VPA and its like after a crash'],
      [
        'direct-exit guest-linux:kexec=orderly,areas=true --checks 0',
        'VPA and its like, deregistered in order (vacuous, since without checks none is delivered)',
      ],
    ],
    answer:
      'A registration that survives the kernel that made it is stale, whether firmware keeps an address or a vector, and so is a VPA. An explicit deregister mends that for a guest that makes the call, and not for one that does not; a magic value mends it for a guest that wipes its vectors before it goes, which Linux does after.',
  },
  {
    question: "What is PAPR, what is QEMU's habit, what was PowerKVM's?",
    positions:
      'LoPAR says what firmware owes, QEMU and PowerVM have habits of their own, and guests have come to rely on some. Presets bring the options of the firmware that they lived with; [defects](defects.md) has their mistakes one by one.',
    cells: [
      ['qemu-5.0 guest-linux', 'QEMU 5.0'],
      ['qemu-5.0 guest-other-os', 'QEMU 5.0, another operating system'],
      ['powerkvm-2015 guest-linux:endian=big', 'PowerKVM, July 2015'],
      ['powerkvm-2014 guest-linux:endian=big', 'PowerKVM, September 2014'],
      ['direct-exit guest-linux --hypervisor qemu:entryMe=isa', "MSR[ME]=0 at 0x200, the ISA's way; KVM sets it"],
      ['direct-exit guest-linux --profile byNonHolder=release', "ibm,nmi-interlock frees another CPU's log (PowerKVM)"],
      ['direct-exit guest-linux --vcpus 1 --resets 1', 'a system reset leaves r3 in an area (PowerVM, KVM, QEMU)'],
      ['direct-exit guest-linux --vcpus 1 --resets 1 --profile resetR3=kept', 'a system reset leaves r3 alone (LoPAR)'],
    ],
    answer:
      'With one check on each vCPU, QEMU 5.0 keeps the contract with both guests (with two, see 4), and what PowerKVM shipped breaks it with the first. The other rows are differences that these guests do not notice.',
  },
  {
    question: 'Which knobs are left, and what do they change?',
    positions:
      "Nobody asked these in the thread: they are what an implementation has to settle besides. QEMU's release of the interlock signals one waiter, and lets whoever comes first have it; Linux called ibm,nmi-interlock under its RTAS lock until 2020; the ISA's own machine check clears MSR[ME], and one that strikes then is a checkstop.",
    cells: [
      ['direct-exit guest-linux --liveness --profile wake=broadcast', 'the release wakes all waiters, two vCPUs'],
      ['direct-exit guest-linux --vcpus 3', 'it signals one, three vCPUs'],
      ['direct-exit guest-linux --vcpus 3 --profile wake=broadcast', 'it wakes all, three vCPUs'],
      ['hcall-wait guest-linux --vcpus 3 --profile wake=broadcast', 'the same, a hypercall from the vector'],
      ['direct-exit guest-linux --vcpus 3 --profile handOff=fifo', 'the interlock goes to who waited longest'],
      [
        'hcall-busy guest-linux --liveness --profile handOff=fifo',
        'the same, where the guest tries again and so never waits',
      ],
      ['direct-exit guest-linux:rtasLock=true', "the handler takes the guest's RTAS lock around ibm,nmi-interlock"],
      ['direct-exit guest-linux:rtasLock=true --vcpus 1', 'the same, one vCPU'],
      [
        'hcall-busy guest-linux --vcpus 1 --checks 2 --hypervisor qemu:entryMe=isa',
        'MSR[ME]=0 in the vector, and honoured',
      ],
      [
        'hcall-busy guest-linux --vcpus 1 --checks 2 --hypervisor qemu:entryMe=isa,withoutMe=taken',
        'MSR[ME]=0 in the vector, and ignored',
      ],
    ],
    answer:
      'Whom the release wakes, and who gets the interlock then, change no verdict of safety here; handing it over in order helps none who does not wait for it (whether it helps those who do, under checks without end, is a matter of [liveness](liveness.md)). The RTAS lock does change one: a check that strikes while its own vCPU holds that lock leaves the handler waiting for the code that it interrupted. Whether MSR[ME]=0 is honoured does not: a check that strikes in the vector destroys the SRR0 and SRR1 of the one before, and what the hypervisor does not stop the guest has to.',
  },
];
