/**
 * Text as XML and HTML can carry it: what XML 1.0 has no way to write at all (control characters, halves of surrogate
 * pairs, U+FFFE, U+FFFF: section 2.2) becomes U+FFFD, and a carriage return, which readers turn into a line feed, too.
 */
const carriable = (text: string): string =>
  text.replace(/[^\t\n\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // A reader would turn them into blanks inside an attribute.
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Escapes text between tags. */
export const escapeText = (text: string): string => carriable(text).replace(/[&<>]/g, (char) => ENTITIES[char]);

/** Escapes text inside a quoted attribute. */
const escapeAttribute = (text: string): string => carriable(text).replace(/[&<>"'\n\t]/g, (char) => ENTITIES[char]);

/** Attributes by name; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** ` name="value"` of each attribute. */
const attributesText = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    .join('');

/** An element with children that are markup already. */
export const element = (name: string, attributes: Attributes, ...children: readonly string[]): string =>
  children.length === 0
    ? `<${name}${attributesText(attributes)}/>`
    : `<${name}${attributesText(attributes)}>${children.join('')}</${name}>`;
