import { CheckstopError } from '@checkstop/kernel';

/** Where something stands in a source text; lines and columns count from 1. */
export interface Place {
  /** Name of the source, if it has one. */
  readonly file?: string | undefined;
  readonly line: number;
  readonly column: number;
}

/** What can be wrong with a source text. */
export type AsmErrorCode =
  | 'ASM_SYNTAX'
  | 'ASM_UNKNOWN_MNEMONIC'
  | 'ASM_UNKNOWN_DIRECTIVE'
  | 'ASM_BAD_OPERAND'
  | 'ASM_OUT_OF_RANGE'
  | 'ASM_UNKNOWN_SYMBOL'
  | 'ASM_DUPLICATE_LABEL'
  | 'ASM_CIRCULAR_SYMBOL'
  | 'ASM_MISALIGNED'
  | 'ASM_TOO_LARGE';

/** An error at a place: the message begins with it, and `details` has `file`, `line` and `column`. */
export function asmError(
  code: AsmErrorCode,
  at: Place,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): CheckstopError {
  const where = at.file === undefined ? `line ${at.line}, column ${at.column}` : `${at.file}:${at.line}:${at.column}`;
  const { file, line, column } = at;
  return new CheckstopError(code, `${where}: ${message}`, { file, line, column, ...details });
}
