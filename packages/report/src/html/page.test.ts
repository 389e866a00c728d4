import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { expect, it } from 'vitest';
import { CARRIED, hostileReport, report } from '../report.fixture.ts';
import type { Report } from '../report.ts';
import { all, type Node, parseXml, textOf } from '../well-formed.fixture.ts';
import { html } from './page.ts';

/** The page's body, which is well-formed XML once style and script, whose text HTML takes as it stands, are out. */
function bodyOf(what: Report): Node {
  const [, body = ''] = /<body>(.*)<script>.*?<\/script>\n<\/body>\n<\/html>\n$/s.exec(html(what)) ?? [];
  return parseXml(`<body>${body}</body>`);
}

const withClass = (node: Node, name: string, className: string): Node[] =>
  all(node, name).filter(({ attributes }) => attributes.class?.split(' ').includes(className));
const byId = (node: Node, name: string, id: string): Node =>
  all(node, name).find(({ attributes }) => attributes.id === id) as Node;

it('shows the matrix in colours, each cell leading to its section', () => {
  const body = bodyOf(report());
  const [matrix] = withClass(body, 'table', 'matrix') as [Node];
  const cells = all(matrix, 'td').filter(({ attributes }) => attributes.class);
  expect(cells.map(({ attributes }) => attributes.class)).toEqual(['holds', 'vacuous', 'violated', 'incomplete']);
  for (const link of all(matrix, 'a'))
    expect(byId(body, 'section', (link.attributes.href ?? '').slice(1)).name).toBe('section');
  expect(cells.map(textOf)[2]).toMatch(/^violated noDeadlock, allowed\d+ states, \d+ transitions, 0\.25 s$/);
});

it('tells a counterexample step by step: agents, lanes, what changed, where all stand in the end', () => {
  const run = byId(bodyOf(report()), 'details', 'cell-2-run-0');
  expect(all(run, 'thead').map(textOf)).toEqual(['stepvcpu0vcpu1ABchanged']);
  const lines = all((all(run, 'tbody') as [Node])[0], 'tr').map((row) => [
    row.attributes['data-step'],
    ...row.children.map((cell) => textOf(cell as Node)),
  ]);
  expect(lines).toEqual([
    ['0', '0', '0x1000 take A', '', 'vcpu0', '-', expect.stringContaining('toy[0].r[1] 0x0 \u2192 0xfeed')],
    ['1', '1', '', '0x1000 take B', 'vcpu0', 'vcpu1', expect.stringContaining('toy[1].r[1] 0x0 \u2192 0xfeed')],
    [undefined, 'allowed: B was taken'],
    [undefined, 'end', '0x1004 take B', '0x1004 take A', 'next'],
    [undefined, 'noDeadlock: take: somebody waits for ever'],
  ]);
  expect(withClass(run, 'td', 'held').map(({ attributes }) => attributes.class)).toEqual([
    'lane held a0',
    'lane held a0',
    'lane held a1',
  ]);
});

it('gives each run its token, and a cell that holds its witness', () => {
  const { cells } = report();
  const commands = withClass(bodyOf(report()), 'code', 'command').map(textOf);
  const runs = cells.flatMap(({ result }) => [...result.violations, ...(result.witness ? [result.witness] : [])]);
  expect(commands).toEqual(runs.map(({ token }) => `checkstop replay ${token}`));
  expect(runs.length).toBeGreaterThan(cells[2]?.result.violations.length ?? 0);
});

it('carries whatever text comes, as text', () => {
  const page = html(hostileReport());
  const body = bodyOf(hostileReport());
  expect(all(body, 'h1').map(textOf)).toEqual([`${CARRIED} ${CARRIED}`]);
  expect(withClass(body, 'td', 'did').map(textOf)).toContain(`0x1000 ${CARRIED} B`);
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).not.toContain('\u0000');
});

it('refers to nothing outside itself, and runs nothing but its own script', () => {
  const page = html(report());
  expect(page).not.toMatch(/\b(?:https?:)?\/\/\w/);
  expect(page).not.toMatch(/\s(?:src|srcset|action|style|on\w+)=/);
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const hash = (tag: string): string => {
    const [, text = ''] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page) ?? [];
    return `&#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`;
  };
  expect(policy).toBe(`default-src &#39;none&#39;; style-src ${hash('style')}; script-src ${hash('script')}`);
});

it('has a script that a browser can parse', () => {
  const [, script = ''] = /<script>(.*)<\/script>/s.exec(html(report())) ?? [];
  expect(script.length).toBeGreaterThan(1000);
  expect(() => new Script(script)).not.toThrow();
});

it('is the same for the same search', () => {
  expect(html(report())).toBe(html(report()));
});
