import { CheckstopError, type PluginContext } from '@checkstop/kernel';
import { type AsmSource, VECTOR } from '@checkstop/ppc-core';

/** Bytes at 0x200 that an operating system gives to firmware when it registers (PAPR, ibm,nmi-register). */
const VECTOR_SIZE = 256;

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
}

/**
 * Patches 0x200 whenever an operating system registers, in the byte order in which its interrupts are taken at that moment
 * (LPCR[ILE]), for that is how the vector will be fetched.
 *
 * @throws CheckstopError STRATEGY_VECTOR_TOO_LONG, and ASM_* for text that can't be assembled, when the machine is made
 */
export function patchVector(
  ctx: PluginContext,
  strategy: string,
  { source, symbols, copied = (words) => words, repatch = true }: VectorCode,
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
  assemble(0, 'big');
  ctx.bus.on('registered', ({ agent, machineCheck }) => {
    const endian = ctx.use('processor').vcpus[agent].reg('ile') === 1n ? 'little' : 'big';
    const vector = assemble(machineCheck, endian);
    const isThere = vector.subarray(0, 4).every((byte, i) => byte === ctx.ram.readBytes(VECTOR.machineCheck, 4)[i]);
    if (repatch || !isThere) ctx.ram.writeBytes(VECTOR.machineCheck, vector);
  });
}
