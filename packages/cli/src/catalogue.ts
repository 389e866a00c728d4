import { linuxGuest } from '@checkstop/guest-linux';
import { otherOs } from '@checkstop/guest-other-os';
import { qemu } from '@checkstop/hypervisor-qemu';
import type { Plugin } from '@checkstop/kernel';
import {
  delivery,
  directExit,
  hcallBusy,
  hcallHold,
  hcallWait,
  illegalInstruction,
  powerkvm2014,
  powerkvm2015,
  qemu50,
} from '@checkstop/strategies';

/**
 * What `definePlugin` returns: options in, plugin out. Options come from command lines and tokens, and the plugin's own
 * schema checks them; written as a method so that a factory with any type of options is one.
 */
export type PluginFactory = {
  /** @throws CheckstopError PLUGIN_BAD_OPTION */
  make(options?: Readonly<Record<string, unknown>>): Plugin;
}['make'] & {
  /** Of a strategy that is a preset: options of the firmware it lived with, which the profile of a cell goes before. */
  readonly firmware?: Readonly<Record<string, unknown>>;
  /** Of a hypervisor: the options under which its locks go to whoever has asked longest. Liveness is decided with these, too. */
  readonly fifoLocks?: Readonly<Record<string, unknown>>;
};

/** Which part of a machine a plugin plays. */
export type PluginKind = 'strategy' | 'guest' | 'hypervisor';

/** Plugins that can be called by name, by the part they play. */
export type Catalogue = Readonly<Record<PluginKind, Readonly<Record<string, PluginFactory>>>>;

/** What comes with the command. */
export const builtIn: Catalogue = {
  strategy: {
    'hcall-hold': hcallHold,
    'hcall-busy': hcallBusy,
    'hcall-wait': hcallWait,
    'illegal-instruction': illegalInstruction,
    'direct-exit': directExit,
    delivery,
    'powerkvm-2014': powerkvm2014,
    'powerkvm-2015': powerkvm2015,
    'qemu-5.0': qemu50,
  },
  guest: { 'guest-linux': linuxGuest, 'guest-other-os': otherOs },
  hypervisor: { qemu },
};

/** Nothing without options, or firmware of old that is wrong by design: compared with the others only when somebody names them. */
const BY_NAME_ONLY: readonly string[] = ['delivery', 'powerkvm-2014', 'powerkvm-2015', 'qemu-5.0'];

/** The strategies that a matrix is made of unless somebody says which. */
export const comparedByDefault = ({ strategy }: Catalogue): string[] =>
  Object.keys(strategy).filter((name) => !BY_NAME_ONLY.includes(name));

/** The second catalogue's plugins beside the first's; on the same name the second wins. */
export function extend(first: Catalogue, second: Partial<Catalogue>): Catalogue {
  return {
    strategy: { ...first.strategy, ...second.strategy },
    guest: { ...first.guest, ...second.guest },
    hypervisor: { ...first.hypervisor, ...second.hypervisor },
  };
}
