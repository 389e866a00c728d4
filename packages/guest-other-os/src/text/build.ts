import type { GuestBuild } from '@checkstop/guest-kit';

/** What this guest's texts depend on beside what every guest's do. */
export interface OtherOsBuild extends GuestBuild {
  /** What lives in SPRG2: a value set at boot for good, LR while a prologue has RI=0 (as in the BSDs), or nothing. */
  readonly sprg2: 'persistent' | 'prologue' | 'unused';
}
