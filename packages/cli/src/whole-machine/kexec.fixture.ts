import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkstop } from '../testing.fixture.ts';

/** A line of a guide's table: what is typed, the verdict, and the properties that are violated. */
const ROW = /^\| `(\S+ guest-[^`]*)` \| (\w+) \| ([\w, ]*) ?\| .* ?\|$/gm;

/** Runs the cell of every line in the tables of a guide whose first column is called `cell`. */
export function testGuide(name: string, milliseconds: number): void {
  const guide = readFileSync(new URL(`../../../../docs/${name}.md`, import.meta.url), 'utf8');
  const cells = [...guide.matchAll(ROW)].map(([, command = '', verdict = '', properties = '']) => ({
    command,
    verdict,
    properties: properties.trim().split(', ').filter(Boolean).sort(),
  }));

  describe(name, () => {
    it('has a cell in every line of its tables', () => {
      const tables = guide.split(/^\| cell \|.*\n.*$/m).slice(1);
      const lines = tables.flatMap((table) => table.split(/\n\n/)[0]?.match(/^\| .*\|$/gm) ?? []);
      expect(cells.length).toBeGreaterThan(0);
      expect(cells).toHaveLength(lines.length);
    });

    it.each(cells)(
      '$command: $verdict $properties',
      async ({ command, verdict, properties }) => {
        const { out } = await checkstop(['explore', ...command.split(' ')]);
        const [said = '', list = ''] =
          /^(\w+)((?: \w+,?)*)[:( ]/m.exec(out.slice(out.indexOf('\n\n') + 2))?.slice(1) ?? [];
        const violated = said === 'violated' ? list.trim().split(', ').sort() : [];
        expect([said, violated]).toEqual([verdict, properties]);
      },
      milliseconds,
    );
  });
}
