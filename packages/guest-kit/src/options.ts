import * as v from 'valibot';

/** Entries of a valibot object that every guest's options have; the byte order's default is the guest's own. */
export const guestOptions = <E extends 'big' | 'little'>(endian: E) => ({
  /** `brief`: as few instructions as the duties allow. `full`: prologues, frames and handler as a kernel has them. */
  build: v.optional(v.picklist(['brief', 'full']), 'brief'),
  endian: v.optional(v.picklist(['big', 'little']), endian),
  testRi: v.optional(v.boolean(), true),
  reregister: v.optional(v.boolean(), false),
  systemReset: v.optional(v.picklist(['survive', 'panic', 'lossy']), 'survive'),
  areas: v.optional(v.boolean(), false),
  kexec: v.optional(v.picklist(['none', 'orderly', 'crash']), 'none'),
  kexecVectors: v.optional(v.picklist(['before', 'after']), 'after'),
  deregister: v.optional(v.boolean(), false),
  reregisters: v.optional(v.boolean(), true),
  handlerStops: v.optional(v.boolean(), false),
  rtasLock: v.optional(v.boolean(), false),
  forge: v.optional(v.picklist(['none', 'word', 'branch']), 'none'),
});
