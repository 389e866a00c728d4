import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkstop } from '../testing.fixture.ts';

/** A row of a guide's table: what is typed after `explore`, the verdict, and the properties that are violated. */
export interface GuideCell {
  /** The heading that it stands under. */
  readonly section: string;
  readonly command: string;
  readonly verdict: string;
  readonly properties: readonly string[];
}

const ROW = /^\| `(\S+ guest-[^`]*)` \| (\w+) \| ([\w, ]*) ?\| .* ?\|$/;

/** The cells of a guide in docs/. Every row of its tables of cells has to be one. */
export function guideCells(name: string): GuideCell[] {
  const cells: GuideCell[] = [];
  let [section, header] = ['', ''];
  for (const line of readFileSync(new URL(`../../../../docs/${name}.md`, import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('#')) section = line.replace(/^#+ /, '');
    if (!line.startsWith('|')) header = '';
    else if (header === '') header = line;
    else if (header.startsWith('| cell |') && !line.startsWith('| ---')) {
      const [, command = '', verdict = '', properties = ''] = ROW.exec(line) ?? [];
      if (command === '') throw new Error(`docs/${name}.md: no cell stands in the row '${line}'`);
      cells.push({ section, command, verdict, properties: properties.trim().split(', ').filter(Boolean).sort() });
    }
  }
  return cells;
}

/** Searches a cell, and compares with what the guide says. */
export async function expectAsSaid({ command, verdict, properties }: GuideCell): Promise<void> {
  const { out, err } = await checkstop(['explore', ...command.split(' ')]);
  const [said = err, list = ''] = /^(\w+)((?: \w+,?)*)[:( ]/m.exec(out.slice(out.indexOf('\n\n') + 2))?.slice(1) ?? [];
  const violated = said === 'violated' ? list.trim().split(', ').sort() : [];
  expect([said, violated]).toEqual([verdict, properties]);
}

/** Searches the cells of a guide. */
export function testGuide(name: string, milliseconds: number): void {
  describe(name, () => {
    const cells = guideCells(name);
    it('has cells, each of them once', () => {
      expect(cells.length).toBeGreaterThan(0);
      expect(new Set(cells.map(({ command }) => command)).size).toBe(cells.length);
    });
    it.each(cells)('$command: $verdict $properties', expectAsSaid, milliseconds);
  });
}
