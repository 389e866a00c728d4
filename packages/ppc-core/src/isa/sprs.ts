import type { RegisterName } from '../state.ts';

/**
 * Who may use a special purpose register. Privileged ones raise a privileged-instruction program interrupt in problem
 * state, and so do the hypervisor's; those are no-ops in privileged state (LPCR[EVIRT]=0).
 */
export type SprAccess = 'problem' | 'privileged' | 'hypervisor';

/** One number of a special purpose register (Power ISA 3.0B, Book III, 4.4.4, figure 18). */
export interface Spr {
  readonly number: number;
  /** As the assembler writes it behind `mt` and `mf`. */
  readonly name: string;
  readonly register: RegisterName;
  readonly access: SprAccess;
  /** Which instruction knows the number: `mfspr`, `mtspr` or both. */
  readonly use: 'read' | 'write' | 'both';
  /** What can be written; bits outside read as zero. */
  readonly writable: bigint;
  /** Reading shifts the register right by this. */
  readonly shift: number;
}

const WORD = 0xffff_ffffn;
const DOUBLEWORD = 0xffff_ffff_ffff_ffffn;

const spr = (
  number: number,
  name: string,
  access: SprAccess,
  use: Spr['use'] = 'both',
  more: Partial<Spr> = {},
): Spr => ({
  ...{ number, name, access, use, writable: DOUBLEWORD, shift: 0 },
  ...{ register: name as RegisterName, ...more },
});

/** The special purpose registers that exist here. Any other number is undefined. */
export const SPRS: readonly Spr[] = [
  spr(1, 'xer', 'problem', 'both', { writable: 0xe00f_ffffn }), // reserved bits 46 to 56 hold what is written, as in microwatt
  spr(3, 'udscr', 'problem', 'both', { register: 'dscr', writable: 0x01ff_ffffn }),
  spr(8, 'lr', 'problem'),
  spr(9, 'ctr', 'problem'),
  spr(17, 'dscr', 'privileged', 'both', { writable: 0x01ff_ffffn }),
  spr(18, 'dsisr', 'privileged', 'both', { writable: WORD }),
  spr(19, 'dar', 'privileged'),
  spr(22, 'dec', 'privileged', 'both', { writable: WORD }),
  spr(26, 'srr0', 'privileged'),
  spr(27, 'srr1', 'privileged'),
  spr(136, 'ctrl', 'problem', 'read'),
  spr(152, 'ctrl', 'privileged', 'write', { writable: 1n }), // the RUN latch
  spr(256, 'vrsave', 'problem', 'both', { writable: WORD }),
  spr(259, 'usprg3', 'problem', 'read', { register: 'sprg3' }),
  spr(268, 'tb', 'problem', 'read'),
  spr(269, 'tbu', 'problem', 'read', { register: 'tb', shift: 32 }),
  spr(272, 'sprg0', 'privileged'),
  spr(273, 'sprg1', 'privileged'),
  spr(274, 'sprg2', 'privileged'),
  spr(275, 'sprg3', 'privileged'),
  spr(287, 'pvr', 'privileged', 'read'),
  spr(314, 'hsrr0', 'hypervisor'),
  spr(315, 'hsrr1', 'hypervisor'),
  spr(339, 'heir', 'hypervisor', 'both', { writable: WORD }),
  spr(815, 'tar', 'problem'),
  spr(1023, 'pir', 'privileged', 'read'),
];
