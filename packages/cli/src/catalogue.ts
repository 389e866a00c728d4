import { linuxGuest } from '@checkstop/guest-linux';
import { otherOs } from '@checkstop/guest-other-os';
import { qemu } from '@checkstop/hypervisor-qemu';
import type { Plugin } from '@checkstop/kernel';
import { directExit, hcallBusy, hcallHold, hcallWait, illegalInstruction } from '@checkstop/strategies';

/**
 * What `definePlugin` returns: options in, plugin out. Options come from command lines and tokens, and the plugin's own
 * schema checks them; written as a method so that a factory with any type of options is one.
 */
export type PluginFactory = {
  /** @throws CheckstopError PLUGIN_BAD_OPTION */
  make(options?: Readonly<Record<string, unknown>>): Plugin;
}['make'];

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
  },
  guest: { 'guest-linux': linuxGuest, 'guest-other-os': otherOs },
  hypervisor: { qemu },
};

/** The second catalogue's plugins beside the first's; on the same name the second wins. */
export function extend(first: Catalogue, second: Partial<Catalogue>): Catalogue {
  return {
    strategy: { ...first.strategy, ...second.strategy },
    guest: { ...first.guest, ...second.guest },
    hypervisor: { ...first.hypervisor, ...second.hypervisor },
  };
}
