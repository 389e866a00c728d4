import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The names that a source adds to the interface `Events`: its members, which formatting has indented by two. */
function eventsOf(source: string): string[] {
  const [, indent = '', body = ''] = /^( *)(?:export )?interface Events \{\n(.*?)^\1\}/ms.exec(source) ?? [];
  return [...body.matchAll(new RegExp(`^${indent}  ([a-zA-Z]+): `, 'gm'))].map(([, name]) => name as string);
}

it('lists every event that a package declares, beside that package', () => {
  const declared = readdirSync(new URL('packages', root)).flatMap((name) => {
    const files = readdirSync(new URL(`packages/${name}/src`, root), { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => /\.ts$/.test(file) && !/\.(test|fixture)\.ts$/.test(file));
    const events = sources.flatMap((file) => eventsOf(read(`packages/${name}/src/${file}`)));
    return events.length > 0 ? [[name, events.sort()]] : [];
  });
  const listed = [...read('docs/traces.md').matchAll(/^\| ([a-z-]+) \| (`.*|.*`.*) \|$/gm)].map(([, name, cell]) => [
    name,
    [...(cell as string).matchAll(/`(\w+)`/g)].map(([, event]) => event).sort(),
  ]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(declared));
});
