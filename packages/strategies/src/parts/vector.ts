import { bool, CheckstopError, type PluginContext, u32 } from '@checkstop/kernel';
import { type AsmSource, VECTOR } from '@checkstop/ppc-core';
import * as v from 'valibot';

/** Bytes at 0x200 that an operating system gives to firmware when it registers (PAPR, ibm,nmi-register). */
const VECTOR_SIZE = 256;

/** An option of strategies that patch 0x200. */
export const unpatchOption = v.optional(
  v.pipe(
    v.boolean(),
    v.description(
      'Whether 0x200 gets back what stood there before, when the registration is given up; if not, the vector outlives it.',
    ),
  ),
  true,
);

/** The code that a strategy puts at 0x200. */
export interface VectorCode {
  /**
   * Its text; it may use ROUTINE, the address of the registered routine, REGISTERED, that address with the low bits that it was
   * registered with, and the names of `symbols`.
   */
  readonly source: AsmSource;
  readonly symbols?: Readonly<Record<string, number>>;
  /** How the assembled words get to the guest; left out: as they are. */
  copied?(words: Uint8Array): Uint8Array;
  /** Whether it is written anew when the routine it leads to is replaced; `false` is a mutant. */
  readonly repatch?: boolean;
  /** Whether what stood there comes back when the registration is given up; default true. */
  readonly unpatch?: boolean;
}

/**
 * Patches 0x200 whenever an operating system registers, in the byte order in which its interrupts are taken at that moment
 * (LPCR[ILE]), for that is how the vector will be fetched, and takes the patch back when it gives the registration up. A fetch of
 * what is left of it after the registration is gone is told (`staleVector`).
 *
 * @throws CheckstopError STRATEGY_VECTOR_TOO_LONG, and ASM_* for text that can't be assembled, when the machine is made
 */
export function patchVector(
  ctx: PluginContext,
  strategy: string,
  { source, symbols, copied = (words) => words, repatch = true, unpatch = true }: VectorCode,
): void {
  const assemble = (routine: number, endian: 'big' | 'little'): Uint8Array => {
    // An instruction's address: its two low bits don't count, here as in NIP, and would be AA and LK in a branch.
    const all = { ...symbols, ROUTINE: routine & ~3, REGISTERED: routine };
    const { bytes } = source.assemble({ origin: VECTOR.machineCheck, endian, symbols: all, name: strategy });
    if (bytes.length <= VECTOR_SIZE) return copied(bytes);
    throw new CheckstopError(
      'STRATEGY_VECTOR_TOO_LONG',
      `The vector of '${strategy}' takes ${bytes.length} bytes; firmware owns ${VECTOR_SIZE} at 0x200. Move what is long elsewhere.`,
      { strategy, length: bytes.length, available: VECTOR_SIZE },
    );
  };
  const { length } = assemble(0, 'big');
  const wordsAt = (at: number) => VECTOR.machineCheck + 4 * at;

  // What stood there before, and the first word of the patch: an operating system may have put something else over it since.
  const patch = ctx.state('shared', `${strategy}.patch`, { word: u32, before: u32.array(Math.ceil(length / 4)) });
  const first = () => ctx.ram.readU32(VECTOR.machineCheck, 'big');
  const isPatched = () => patch.at().word !== 0 && patch.at().word === first();

  ctx.bus.on('registered', ({ agent, machineCheck }) => {
    const endian = ctx.use('processor').vcpus[agent].reg('ile') === 1n ? 'little' : 'big';
    const vector = assemble(machineCheck, endian);
    const { before } = patch.at();
    if (!isPatched()) for (let i = 0; i < before.length; i++) before.set(i, ctx.ram.readU32(wordsAt(i), 'big'));
    else if (!repatch) return;
    ctx.ram.writeBytes(VECTOR.machineCheck, vector);
    patch.at().word = first();
  });
  if (unpatch)
    ctx.bus.on('deregistered', () => {
      if (!isPatched()) return;
      const { before } = patch.at();
      for (let i = 0; i < before.length; i++) ctx.ram.writeU32(wordsAt(i), before.get(i), 'big');
      patch.clear();
    });
  tellStaleFetches(ctx, strategy, isPatched);
}

/** Tells of every fetch of the vector's first instruction after the registration that it was put there for is gone. */
function tellStaleFetches(ctx: PluginContext, strategy: string, isPatched: () => boolean): void {
  const registration = ctx.state('shared', `${strategy}.registration`, { isGone: bool }, { kind: 'ghost' });
  ctx.bus.on('registrationGone', () => {
    registration.at().isGone = true;
  });
  ctx.bus.on('registered', () => registration.clear());
  ctx.onReady(() => {
    const [start, end] = [VECTOR.machineCheck, VECTOR.machineCheck + 4];
    ctx.effect(ctx.use('processor').watch({ kind: 'fetch', start, end }), 'watch the vector');
  });
  ctx.bus.on('fetch', ({ agent, address }) => {
    if (address === VECTOR.machineCheck && registration.at().isGone && isPatched())
      ctx.bus.emit('staleVector', { agent, address });
  });
}
