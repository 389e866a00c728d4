import * as v from 'valibot';
import { placeOptions } from './places/index.ts';

/** Entries of a valibot object that every guest's options have; the byte order's default is the guest's own. */
export const guestOptions = <E extends 'big' | 'little'>(endian: E) => ({
  build: v.optional(
    v.pipe(
      v.picklist(['brief', 'full']),
      v.description(
        'How much code the guest has: as few instructions as its duties allow, or prologues, frames and handler as a kernel has them.',
      ),
    ),
    'brief',
  ),
  endian: v.optional(
    v.pipe(
      v.picklist(['big', 'little']),
      v.description('Byte order of the guest; firmware answers big-endian whatever it is.'),
    ),
    endian,
  ),
  testRi: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether the machine-check handler looks at SRR1[RI]: where it was 0, SRR0 and SRR1 were live and are lost (Power ISA, Book III, MSR[RI]), and whoever goes on anyway resumes at the wrong place.',
      ),
    ),
    true,
  ),
  reregister: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether the work begins with the first vCPU registering another copy of the machine-check routine, as a kernel that replaces one.',
      ),
    ),
    false,
  ),
  register2: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether it registers by ibm,nmi-register-2 (LoPAR, FWNMI option), which firmware must have: reports are then in page 7, and SPRG1 is shared instead of SPRG2.',
      ),
    ),
    false,
  ),
  systemReset: v.optional(
    v.pipe(
      v.picklist(['survive', 'panic', 'lossy']),
      v.description(
        'What the registered routine for system resets does: returns, ends in a panic, or returns without CR (lossy, a mistake).',
      ),
    ),
    'survive',
  ),
  areas: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether every vCPU registers a Virtual Processor Area, a dispatch trace log and an SLB shadow as it boots (H_REGISTER_VPA).',
      ),
    ),
    false,
  ),
  kexec: v.optional(
    v.pipe(
      v.picklist(['none', 'orderly', 'crash', 'panic']),
      v.description(
        "Whether another kernel takes over at the end of the first vCPU's work: orderly, when the others have stopped and the areas are given back, or after a crash, at once and without a word to anybody (kdump). Or whether that is how a panic ends, on whatever vCPU, the handler's included.",
      ),
    ),
    'none',
  ),
  parking: v.optional(
    v.pipe(
      v.picklist(['none', 'signal', 'wait']),
      v.description(
        'Whether a crash stops the other vCPUs: not at all, so that they go on for as long as they like (a kdump whose interrupts to them are masked), or by a system reset to each (H_SIGNAL_SYS_RESET), which stops it before its next instruction; the first does not wait for that, or it does.',
      ),
    ),
    'none',
  ),
  kexecVectors: v.optional(
    v.pipe(
      v.picklist(['before', 'after', 'never']),
      v.description(
        "Who overwrites the old kernel's vectors in a kexec: the old kernel before it leaves, or the new one after it came (Linux), or nobody, when the new one brings its own.",
      ),
    ),
    'after',
  ),
  stubs: v.optional(
    v.pipe(
      v.picklist(['nop-first', 'branch-first']),
      v.description(
        'Which half of the code that leads from the old vectors to the next kernel is written first: the no-op (Linux), or the branch.',
      ),
    ),
    'nop-first',
  ),
  stubsOver: v.optional(
    v.pipe(
      v.picklist(['vectors', 'all']),
      v.description(
        'Where that code is written: over the vectors of checks and resets and the old routine, or over all of 0x100 to 0x3000 (Linux); then the work of the guest lies behind that.',
      ),
    ),
    'vectors',
  ),
  reuse: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "Whether the next kernel uses the memory of the old one's routine for something else, once it has seen to the vectors.",
      ),
    ),
    false,
  ),
  deregister: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether the old kernel deregisters FWNMI before it leaves for another; where firmware has no such call, in vain.',
      ),
    ),
    false,
  ),
  reregisters: v.optional(
    v.pipe(v.boolean(), v.description('Whether the new kernel registers its own routines after a kexec.')),
    true,
  ),
  handlerStops: v.optional(
    v.pipe(
      v.boolean(),
      v.description('Whether the handler stops its vCPU by stop-self, where it would give the interlock back.'),
    ),
    false,
  ),
  rtasLock: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "Whether the handler takes the guest's RTAS lock around ibm,nmi-interlock, as Linux did before 2020; LoPAR R1-7.3.14-18 says that the call needs no serialising.",
      ),
    ),
    false,
  ),
  forge: v.optional(
    v.pipe(
      v.picklist(['none', 'word', 'branch', 'interlock']),
      v.description(
        'Whether the work forges a report: by the special word of the illegal-instruction exit, or by a branch to 0x200; or forges the end of one, by ibm,nmi-interlock on a vCPU that has no check.',
      ),
    ),
    'none',
  ),
  ...placeOptions,
});
