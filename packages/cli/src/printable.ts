/** What is left of the end of a text that is too long: messages say there what to do. */
const END = 200;

/**
 * Text that may hold anything, such as a line of a file that is no text, as a terminal can show it: control and formatting
 * characters escaped, line ends aside, and of bounded length.
 */
export function printable(text: string, most: number): string {
  const escaped = text.replace(/[^\P{C}\n]/gu, (unit) => {
    const code = unit.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
  return escaped.length <= most ? escaped : `${escaped.slice(0, most - END)} ... ${escaped.slice(-END)}`;
}
