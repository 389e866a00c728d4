import { CheckstopError } from '@checkstop/kernel';

/**
 * Reads a whole number from an option, decimal or 0x; `other` says, behind the numbers, what else the option takes.
 *
 * @throws CheckstopError CLI_BAD_ARGUMENT when it is no number, or outside `min` to `max`
 */
export function wholeNumber(option: string, text: string, min: number, max: number, other = ''): number {
  const bound = (value: number): string => (value > 0xffff_ffff ? `0x${value.toString(16)}` : String(value));
  const value = /^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new CheckstopError(
      'CLI_BAD_ARGUMENT',
      `'--${option} ${text}': expected a whole number from ${bound(min)} to ${bound(max)}${other}.`,
      {
        option,
        text,
      },
    );
  return value;
}
