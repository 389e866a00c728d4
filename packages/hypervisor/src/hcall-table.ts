import { CheckstopError } from '@checkstop/kernel';
import type { StepMachine } from './steps.ts';

/** Which machine handles which hypercall number. A number without a row answers H_FUNCTION. */
export class HcallTable {
  private readonly rows = new Map<bigint, StepMachine>();

  constructor(private readonly unbound: StepMachine) {}

  /** @throws CheckstopError HCALL_DUPLICATE when the number has a row already */
  bind(number: number, machine: StepMachine): void {
    const other = this.rows.get(BigInt(number));
    if (other)
      throw new CheckstopError(
        'HCALL_DUPLICATE',
        `Hypercall 0x${number.toString(16)} is '${other.name}' already; give '${machine.name}' another number.`,
        { number, rows: [other.name, machine.name] },
      );
    this.rows.set(BigInt(number), machine);
  }

  /** The machine for the number a guest passed in r3: all 64 bits count. */
  find(number: bigint): StepMachine {
    return this.rows.get(number) ?? this.unbound;
  }
}
