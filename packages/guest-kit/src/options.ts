import * as v from 'valibot';

/** Entries of a valibot object that every guest's options have; the byte order's default is the guest's own. */
export const guestOptions = <E extends 'big' | 'little'>(endian: E) => ({
  /** `brief`: as few instructions as the duties allow. `full`: prologues, frames and handler as a kernel has them. */
  build: v.optional(v.picklist(['brief', 'full']), 'brief'),
  endian: v.optional(v.picklist(['big', 'little']), endian),
  testRi: v.optional(v.boolean(), true),
  reregister: v.optional(v.boolean(), false),
  systemReset: v.optional(v.picklist(['survive', 'panic', 'lossy']), 'survive'),
  rtasLock: v.optional(v.boolean(), false),
  forge: v.optional(v.picklist(['none', 'word', 'branch']), 'none'),
});
