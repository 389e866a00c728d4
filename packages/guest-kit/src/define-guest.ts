import type { AddressRange, Guest } from '@checkstop/hypervisor';
import {
  CheckstopError,
  definePlugin,
  PLUGIN_CONTRACT,
  type Plugin,
  type PluginContext,
  type Schema,
} from '@checkstop/kernel';
import type { AsmSource, Assembled } from '@checkstop/ppc-core';
import { TOKENS } from '@checkstop/rtas-fwnmi';
import type { GuestBuild } from './build.ts';
import { PASSES } from './places/index.ts';
import { NEXT_KERNEL } from './stubs.ts';

/** Numbers of the hypercalls that guests make: PAPR's, and the gateway to RTAS, which is KVM's and QEMU's (KVMPPC_H_RTAS). */
export const HCALLS = {
  H_SET_SPRG0: 0x24,
  H_REGISTER_VPA: 0xdc,
  H_CEDE: 0xe0,
  H_SET_MODE: 0x31c,
  H_SIGNAL_SYS_RESET: 0x380,
  H_RTAS: 0xf000,
} as const;

/** What of a guest's options concerns whoever loads it. */
type Built = Pick<GuestBuild, 'endian'> & Partial<Pick<GuestBuild, 'register2'>>;

/** What the author of a small guest writes. */
export interface GuestDefinition<Input, Output extends Built> {
  readonly name: string;
  readonly version: string;
  readonly options: Schema<Input, Output>;
  /**
   * Text of the whole image, from address 0; labels in small letters, constants in capitals. It must define `entry`,
   * `ready`, `work`, `work_end`, `REGIONS`, `REGION_SHIFT` and `LEVELS`, the number of checks that its save areas hold. It may use the names of `HCALLS`, the tokens of RTAS calls
   * (NMI_REGISTER and so on), VCPUS, and the addresses of RTAS space's first and last byte, RTAS_BASE and RTAS_LAST.
   */
  source(options: Output): AsmSource;
  /**
   * Text of a kernel that takes over by kexec, if one does: from `NEXT_KERNEL`, where it is entered. The fetch of its first
   * instruction is the moment at which the machine is its own (event `kernelReplaced`). Its labels get `next_` before them.
   * Where panics lead to it, the text of the old one has them begin at `crash` (event `kernelCrashed`).
   */
  next?(options: Output): AsmSource | undefined;
  /** What it keeps in the SPRGs. */
  sprgs(options: Output): Guest['sprgs'];
}

/**
 * Makes the plugin of a small guest: assembles its image for the machine at hand, loads it, and tells of it as capabilities
 * `guest` and `boot`.
 *
 * @throws CheckstopError GUEST_NO_SYMBOL when the text lacks a name that it must define, ASM_* when it can't be assembled,
 * GUEST_NO_CALL when firmware lacks the call by which it is to register;
 * GUEST_NOT_REGISTERED, from `machine.boot`, when it is ready without having registered
 */
export function defineGuest<Input, Output extends Built>(
  definition: GuestDefinition<Input, Output>,
): (options?: Input) => Plugin {
  const { name, version } = definition;
  return definePlugin({
    name,
    version,
    contract: PLUGIN_CONTRACT,
    provides: ['guest', 'boot'],
    requires: ['processor', 'fwnmi', 'rtas'],
    options: definition.options,
    setup(ctx, options) {
      const { endian } = options;
      const { base, size } = ctx.use('fwnmi').rtas;
      const symbols = { ...HCALLS, ...TOKENS, VCPUS: ctx.agentCount, RTAS_BASE: base, RTAS_LAST: base + size - 1 };
      const image = definition.source(options).assemble({ endian, symbols, name });
      const next = definition
        .next?.(options)
        ?.assemble({ origin: NEXT_KERNEL, endian, symbols, name: `${name}, next` });
      const guest = describeGuest(name, image, definition.sprgs(options), next);
      const { vcpus } = ctx.use('processor');
      ctx.provide('guest', guest);
      ctx.provide('boot', {
        booted(agent) {
          if (vcpus[agent].nip !== guest.ready) return false;
          if (ctx.use('fwnmi').registration) return true;
          throw new CheckstopError(
            'GUEST_NOT_REGISTERED',
            `'${name}' is ready without having registered, so no check can be delivered; let it call ibm,nmi-register first.`,
            { guest: name, agent },
          );
        },
      });
      if (options.register2 && !ctx.use('rtas').machineFor(TOKENS.NMI_REGISTER_2))
        throw new CheckstopError(
          'GUEST_NO_CALL',
          `'${name}' registers by ibm,nmi-register-2, which firmware does not have; give that register2, too (--profile register2=true).`,
          { guest: name },
        );
      ctx.onReady(() => ctx.ram.writeBytes(0, image.bytes));
      if (next) announceNext(ctx, next);
      const crash = image.symbols.get('crash');
      if (crash !== undefined) announceCrash(ctx, crash);
    },
  });
}

/** Loads the next kernel, and says so when the first of its instructions is about to be executed. */
function announceNext(ctx: PluginContext, { bytes }: Assembled): void {
  ctx.onReady(() => {
    ctx.ram.writeBytes(NEXT_KERNEL, bytes);
    const entry = { start: NEXT_KERNEL, end: NEXT_KERNEL + 4 };
    ctx.effect(ctx.use('processor').watch({ kind: 'fetch', ...entry }), 'watch the next kernel');
  });
  ctx.bus.on('fetch', ({ agent, address }) => {
    if (address === NEXT_KERNEL) ctx.bus.emit('kernelReplaced', { agent });
  });
}

/** Says so when a vCPU that panics is about to leave for the next kernel. */
function announceCrash(ctx: PluginContext, crash: number): void {
  ctx.onReady(() => {
    const first = { start: crash, end: crash + 4 };
    ctx.effect(ctx.use('processor').watch({ kind: 'fetch', ...first }), 'watch panics');
  });
  ctx.bus.on('fetch', ({ agent, address }) => {
    if (address === crash) ctx.bus.emit('kernelCrashed', { agent });
  });
}

function describeGuest(name: string, image: Assembled, sprgs: Guest['sprgs'], next: Assembled | undefined): Guest {
  const symbolValue = (symbol: string): number => {
    const value = image.symbols.get(symbol);
    if (value !== undefined) return value;
    throw new CheckstopError(
      'GUEST_NO_SYMBOL',
      `The image of '${name}' has no symbol '${symbol}'; define it in its text.`,
      {
        guest: name,
        symbol,
      },
    );
  };
  return {
    name,
    sprgs,
    endian: image.endian,
    entry: symbolValue('entry'),
    ready: symbolValue('ready'),
    work: { start: symbolValue('work'), end: symbolValue('work_end') },
    passes: rangesOf(image, (label) => PASSES.includes(label)),
    swapped: rangesOf(image, (label) => label.startsWith('swapped_')),
    regions: { base: symbolValue('REGIONS'), stride: 2 ** symbolValue('REGION_SHIFT') },
    levels: symbolValue('LEVELS'),
    symbols: new Map([...labels(image), ...(next ? labels(next) : []).map(([l, at]) => [`next_${l}`, at] as const)]),
  };
}

/** Stretches of code from a label of this kind up to the same one with `_end` behind it. */
const rangesOf = ({ symbols }: Assembled, isOne: (label: string) => boolean): AddressRange[] =>
  [...symbols].flatMap(([name, start]) => {
    const end = isOne(name) ? symbols.get(`${name}_end`) : undefined;
    return end === undefined ? [] : [{ start, end }];
  });

const labels = ({ symbols }: Assembled): [string, number][] => [...symbols].filter(([name]) => /^[a-z]/.test(name));
