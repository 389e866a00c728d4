import { defineMutant } from './mutant.ts';
import { checksEach, contended, retriesInGuest } from './subject.ts';

/** Mistakes that plugins have options for: those of the guests and of the strategies that come with Checkstop. */
export const byOption = [
  defineMutant({
    name: 'untested-ri',
    what: 'the handler does not test SRR1[RI], and resumes where SRR0 and SRR1 are lost',
    seenBy: ['noFalseResume'],
    options: { guest: { testRi: [true, false] } },
  }),
  defineMutant({
    name: 'late-srr',
    what: 'SRR0 and SRR1 are read at the report call, which has overwritten them',
    seenBy: ['entryContract'],
    options: { strategy: { sample: ['injection', 'report'] } },
  }),
  defineMutant({
    name: 'frame-over-log',
    what: 'the frame from which the vector reloads registers lies over the log',
    seenBy: ['entryContract'],
    options: { strategy: { frame: ['own', 'log'] } },
  }),
  defineMutant({
    name: 'compared-cr',
    what: 'the vector compares to tell busy from done, and CR is sampled after that',
    seenBy: ['entryContract'],
    // Only a report that is made again has compared before.
    applies: (subject) => contended(subject) && retriesInGuest(subject),
    options: { strategy: { busy: ['branch', 'cr0'], sampleCr: ['injection', 'report'] } },
  }),
  defineMutant({
    name: 'scratch-sprg3',
    what: 'the vector puts r3 into SPRG3, where systems keep something for good',
    seenBy: ['entryContract'],
    options: { strategy: { scratch: ['sprg2', 'sprg3'] } },
  }),
  defineMutant({
    name: 'forged-report',
    what: 'the exit does not ask whether a check is pending, and the guest executes the word of the vector',
    seenBy: ['delivered'],
    options: { strategy: { testPending: [true, false] }, guest: { forge: ['none', 'branch'] } },
  }),
  defineMutant({
    name: 'forged-elsewhere',
    what: 'the exit asks neither where its word stands nor whether a check is pending, and the guest executes it elsewhere',
    seenBy: ['delivered'],
    // Either test covers for the other: a check that is pending strikes at the vector before anything else is executed.
    options: { strategy: { testNip: [true, false], testPending: [true, false] }, guest: { forge: ['none', 'word'] } },
  }),
  defineMutant({
    name: 'stale-vector',
    what: 'the vector is not written anew when another routine is registered',
    seenBy: ['noStale'],
    options: { strategy: { repatch: [true, false] }, guest: { reregister: [false, true] } },
  }),
  defineMutant({
    name: 'stale-routine',
    what: 'the address of the routine is read as the check strikes, and another routine is registered before it is entered',
    seenBy: ['noStale'],
    // The struck vCPU itself registers nothing before it has been to the routine.
    applies: contended,
    options: { strategy: { routine: ['delivery', 'injection'] }, guest: { reregister: [false, true] } },
  }),
  defineMutant({
    name: 'lossy-reset',
    what: 'the handler of system resets returns without having restored CR',
    seenBy: ['resumeContext'],
    applies: ({ resets }) => resets !== undefined,
    options: { guest: { systemReset: ['survive', 'lossy'] } },
  }),
  defineMutant({
    name: 'waits-for-itself',
    what: 'a check on the vCPU that holds the interlock waits for the interlock',
    seenBy: ['noDeadlock'],
    applies: (subject) => checksEach(subject) > 1,
    options: { firmware: { holderCheck: ['checkstop', 'nothing'] } },
  }),
];
