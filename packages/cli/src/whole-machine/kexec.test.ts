import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkstop } from '../testing.fixture.ts';

const guide = readFileSync(new URL('../../../../docs/kexec.md', import.meta.url), 'utf8');

/** The cells of the guide: what is typed, the verdict, and the properties that are violated. */
const cells = [...guide.matchAll(/^\| `(\S+ guest-[^`]*)` \| (\w+) \| ([\w, ]*) ?\| .+ \|$/gm)].map(
  ([, command = '', verdict = '', properties = '']) => ({
    command,
    verdict,
    properties: properties.trim().split(', ').filter(Boolean).sort(),
  }),
);

it('the guide has a cell in every row of its tables', () => {
  const rows = guide.slice(guide.indexOf('## One vCPU')).match(/^\| .*\|$/gm) ?? [];
  expect(cells).toHaveLength(rows.length - 4);
});

describe('another kernel takes over', () => {
  it.each(cells)(
    '$command: $verdict $properties',
    async ({ command, verdict, properties }) => {
      const { out } = await checkstop(['explore', ...command.split(' ')]);
      const [said = '', list = ''] =
        /^(\w+)((?: \w+,?)*)[:( ]/m.exec(out.slice(out.indexOf('\n\n') + 2))?.slice(1) ?? [];
      const violated = said === 'violated' ? list.trim().split(', ').sort() : [];
      expect([said, violated]).toEqual([verdict, properties]);
    },
    120_000,
  );
});
