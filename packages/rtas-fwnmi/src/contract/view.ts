import type { AddressRange, Guest } from '@checkstop/hypervisor';
import type { Processor } from '@checkstop/ppc-core';
import type { Ledger } from './ledger.ts';

/** What the properties of the contract judge by. */
export interface ContractView {
  readonly processor: Processor;
  readonly ledger: Ledger;
  readonly guest: Guest;
  /** Where a buffer must lie: in RTAS space, or in page 7 after ibm,nmi-register-2. */
  readonly bounds: () => AddressRange;
  /** Doublewords in big-endian order, as the buffer holds them. */
  readU64(address: number): bigint;
  /** Why a reader of the log at this address would give up; undefined for a sound one. */
  malformed(address: number): string | undefined;
  /** Where the log is that is somebody's, if the layout lets a system reset write there; else an empty range. */
  readonly log: () => AddressRange;
  readonly interlockHolder: () => number;
  readonly littleEndianInterrupts: (agent: number) => boolean;
  readonly mode: (agent: number) => string;
  /** Where a vCPU is, for words only: looking leaves no footprint. */
  nip(agent: number): bigint;
  /** Whether the vCPU's next step could happen now. */
  readonly canStep: (agent: number) => boolean;
  /** Whether LoPAR's reboot policy has to end the partition for what struck this vCPU last. */
  readonly rebootDue: (agent: number) => boolean;
  /** `private`: SPRG2 is the OS's like any other; `shared`: it is scratch at every machine check (LoPAR, LPAR option). */
  readonly sprg2: 'private' | 'shared';
  /** Which SPRG that is about: SPRG2, or SPRG1 after ibm,nmi-register-2. */
  readonly sharedSprg: () => 'sprg1' | 'sprg2';
  /** Whether a check of this vCPU strikes again and again where it struck, because nobody repairs what causes it. */
  readonly unrepaired: (agent: number) => boolean;
  /** Whether checks can strike before the instruction of the work at this address. */
  readonly isStruckBefore: (address: number) => boolean;
}
