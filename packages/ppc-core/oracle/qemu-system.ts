import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GdbClient } from './gdb.ts';

/** QEMU's whole-machine emulator. */
export const QEMU_SYSTEM = 'qemu-system-ppc64';

/** Where `g` has the registers, in bytes: QEMU's power64-core.xml. */
const CORE = { pc: 256, msr: 264, cr: 272, lr: 276, ctr: 284, xer: 292 } as const;
const NARROW = ['cr', 'xer'];

/** Registers that are not in `g`. */
export const SPR_NAMES = ['srr0', 'srr1', 'dar', 'dsisr', 'sprg0', 'sprg1', 'sprg2', 'sprg3'] as const;

/** Registers by name: r0 to r31, pc, msr, cr, lr, ctr, xer and {@link SPR_NAMES}. */
export type RegisterSet = Record<string, bigint>;

/** A machine that is stopped, and stepped through its gdb stub. */
export class QemuSystem {
  private numbers = new Map<string, number>();

  private constructor(
    private readonly gdb: GdbClient,
    private readonly end: () => void,
  ) {}

  /** Starts a machine: `pseries`, whose guests are not hypervisors, or `powernv9`, which starts in hypervisor state. */
  static async start(machine: 'pseries' | 'powernv9'): Promise<QemuSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'checkstop-qemu-'));
    const socket = join(folder, 'gdb');
    const stub = ['-S', '-gdb', `unix:${socket},server=on,wait=off`];
    const quiet = ['-nodefaults', '-nographic', '-serial', 'none', '-monitor', 'none'];
    const qemu = spawn(QEMU_SYSTEM, ['-M', machine, '-cpu', 'POWER9', '-m', '1G', ...quiet, ...stub], {
      stdio: 'ignore',
    });
    const gdb = await GdbClient.connect(socket);
    const system = new QemuSystem(gdb, () => {
      gdb.close();
      qemu.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    });
    await system.learnRegisters();
    return system;
  }

  /** Ends the machine. */
  stop(): void {
    this.end();
  }

  /** Sets registers, and the machine to big-endian first: the stub talks in the byte order of the moment. */
  async set(registers: RegisterSet): Promise<void> {
    const { bytes, little } = await this.core();
    if (little) await this.gdb.command(`P${this.numberOf('msr')}=${'0'.repeat(16)}`);
    const sprs: [string, bigint][] = [];
    for (const [name, value] of Object.entries(registers)) {
      const at = offsetOf(name);
      if (at === undefined) sprs.push([name, value]);
      else if (NARROW.includes(name)) bytes.writeUInt32BE(Number(value & 0xffff_ffffn), at);
      else bytes.writeBigUInt64BE(value, at);
    }
    for (const [name, value] of sprs) await this.gdb.command(`P${this.numberOf(name)}=${hex64(value)}`);
    await this.gdb.command(`G${bytes.toString('hex')}`);
  }

  /** All registers; the special ones only if asked for. */
  async get(withSprs: boolean): Promise<RegisterSet> {
    const { bytes, little } = await this.core();
    const word = (at: number): bigint => BigInt(little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
    const doubleword = (at: number): bigint => (little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    const registers: RegisterSet = {};
    for (let n = 0; n < 32; n++) registers[`r${n}`] = doubleword(8 * n);
    for (const name of ['pc', 'msr', 'lr', 'ctr'] as const) registers[name] = doubleword(CORE[name]);
    for (const name of ['cr', 'xer'] as const) registers[name] = word(CORE[name]);
    if (withSprs) for (const name of SPR_NAMES) registers[name] = await this.spr(name, little);
    return registers;
  }

  /** A special purpose register. */
  async spr(name: string, little = false): Promise<bigint> {
    const bytes = Buffer.from(await this.gdb.request(`p${this.numberOf(name)}`), 'hex');
    return BigInt(`0x${(little ? bytes.reverse() : bytes).toString('hex')}`);
  }

  /** What `g` gives. In little-endian mode the first byte of MSR is its lowest, and has LE set. */
  private async core(): Promise<{ bytes: Buffer; little: boolean }> {
    const bytes = Buffer.from(await this.gdb.request('g'), 'hex');
    return { bytes, little: ((bytes[CORE.msr] ?? 0) & 1) !== 0 };
  }

  /** Bytes of memory. */
  async read(address: number, length: number): Promise<Uint8Array> {
    return Buffer.from(await this.gdb.request(`m${address.toString(16)},${length.toString(16)}`), 'hex');
  }

  /** Sets bytes of memory. */
  async write(address: number, bytes: Uint8Array): Promise<void> {
    const text = Buffer.from(bytes).toString('hex');
    await this.gdb.command(`M${address.toString(16)},${bytes.length.toString(16)}:${text}`);
  }

  /** Executes one instruction, or enters the interrupt that it raises. */
  async step(): Promise<void> {
    await this.gdb.request('s');
  }

  private numberOf(name: string): string {
    const number = this.numbers.get(name);
    if (number === undefined) throw new RangeError(`The stub has no register ${name}.`);
    return number.toString(16);
  }

  private async learnRegisters(): Promise<void> {
    const read = async (annex: string): Promise<string> => {
      let text = '';
      for (;;) {
        const part = await this.gdb.request(`qXfer:features:read:${annex}:${text.length.toString(16)},ff0`);
        text += part.slice(1);
        if (part[0] !== 'm') return text;
      }
    };
    await this.gdb.request('qSupported:xmlRegisters=i386');
    const target = await read('target.xml');
    let next = 0;
    for (const [, file = ''] of target.matchAll(/href="([^"]+)"/g)) {
      for (const [register] of (await read(file)).matchAll(/<reg [^>]*>/g)) {
        next = Number(/regnum="(\d+)"/.exec(register)?.[1] ?? next);
        this.numbers.set(/name="([^"]+)"/.exec(register)?.[1] ?? '', next++);
      }
    }
  }
}

function offsetOf(name: string): number | undefined {
  if (/^r\d+$/.test(name)) return 8 * Number(name.slice(1));
  return name in CORE ? CORE[name as keyof typeof CORE] : undefined;
}

const hex64 = (value: bigint): string => value.toString(16).padStart(16, '0');
