/** The segment's place in the file is congruent to its address, modulo the largest page there is. */
const PAGE = 65536;

/** A static ELF executable (64 bits, ABI 2, so that its entry is code) of one segment that may be read, written, executed. */
export function elf(image: Uint8Array, load: { address: number; size: number; endian: 'big' | 'little' }): Uint8Array {
  const little = load.endian === 'little';
  const file = new Uint8Array(PAGE + image.length);
  const view = new DataView(file.buffer);
  const u16 = (at: number, value: number): void => view.setUint16(at, value, little);
  const u32 = (at: number, value: number): void => view.setUint32(at, value, little);
  const u64 = (at: number, value: number): void => view.setBigUint64(at, BigInt(value), little);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, little ? 1 : 2, 1]);
  u16(16, 2); // ET_EXEC
  u16(18, 21); // EM_PPC64
  u32(20, 1);
  u64(24, load.address);
  u64(32, 64); // program headers
  u32(48, 2); // ABI 2
  u16(52, 64);
  u16(54, 56);
  u16(56, 1);
  u32(64, 1); // PT_LOAD
  u32(68, 7);
  u64(72, PAGE);
  u64(80, load.address);
  u64(88, load.address);
  u64(96, image.length);
  u64(104, load.size);
  u64(112, 1);
  file.set(image, PAGE);
  return file;
}
