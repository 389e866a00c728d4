/** An element of a parsed document; text stands among its children as strings. */
export interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Node | string)[];
}

const NAME = '[A-Za-z_][\\w.-]*';
const ENTITY = /&(?:#(\d+)|(lt|gt|amp|quot));/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/**
 * Parses the part of XML 1.0 that needs no document type: declaration, elements, attributes, text, character references.
 * Anything else, and whatever is not well-formed, throws.
 */
export function parseXml(document: string): Node {
  // Section 2.2: what a document may consist of.
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(document))
    throw new Error('no XML character');
  let rest = document;
  const take = (pattern: string): RegExpExecArray | undefined => {
    const match = new RegExp(`^(?:${pattern})`).exec(rest) ?? undefined;
    if (match) rest = rest.slice(match[0].length);
    return match;
  };
  const fail = (): never => {
    throw new Error(`not well-formed at: ${rest.slice(0, 60)}`);
  };
  const parseElement = (): Node => {
    const [, name = ''] = take(`<(${NAME})`) ?? fail();
    const attributes: Record<string, string> = {};
    for (let found = take(`\\s+(${NAME})="([^"<]*)"`); found; found = take(`\\s+(${NAME})="([^"<]*)"`)) {
      if (found[1] === undefined || found[1] in attributes) fail();
      else attributes[found[1]] = plain(found[2] ?? '');
    }
    if (take('\\s*/>')) return { name, attributes, children: [] };
    if (!take('\\s*>')) fail();
    const children: (Node | string)[] = [];
    while (!take(`</${name}\\s*>`)) {
      const text = take('[^<]+')?.[0];
      if (text?.includes(']]>')) fail();
      children.push(text === undefined ? parseElement() : plain(text));
    }
    return { name, attributes, children };
  };
  take('<\\?xml version="1.0" encoding="UTF-8"\\?>\\s*');
  const root = parseElement();
  take('\\s*');
  return rest === '' ? root : fail();
}

function plain(text: string): string {
  if (text.replace(ENTITY, '').includes('&')) throw new Error(`a bare & in: ${text}`);
  return text.replace(ENTITY, (_, code, name) => NAMED[name] ?? String.fromCodePoint(Number(code)));
}

/** Every element of this name below a node, in the document's order. */
export const all = (node: Node, name: string): Node[] =>
  node.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...all(child, name)],
  );

/** The text inside a node. */
export const textOf = (node: Node): string =>
  node.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
