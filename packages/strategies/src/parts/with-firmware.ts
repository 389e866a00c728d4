import type { fwnmi } from '@checkstop/rtas-fwnmi';

/** Options of the firmware that a strategy lived with. */
type FirmwareOptions = NonNullable<Parameters<typeof fwnmi>[0]>;

/** A preset: a strategy as it was in some release, and `firmware`, the options of `fwnmi` that say what firmware did there. */
export const withFirmware = <F extends object>(
  factory: F,
  firmware: FirmwareOptions,
): F & { firmware: FirmwareOptions } => Object.assign(factory, { firmware });
