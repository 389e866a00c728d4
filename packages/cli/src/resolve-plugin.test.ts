import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkstop, type Outcome, temporaryFolder } from './testing.fixture.ts';

const folderWith = (files: Readonly<Record<string, string>>): string => {
  const cwd = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return cwd;
};

/** Explores a strategy of somebody else's. */
const explore = (cwd: string, strategy = './mine.ts', ...more: string[]): Promise<Outcome> =>
  checkstop(['explore', strategy, 'guest-linux', ...more], { cwd });

const exploreSource = (source: string): Promise<Outcome> => explore(folderWith({ 'mine.ts': source }));

/** A strategy with these members, made by hand. */
const plugin = (members: string, options = ''): string => `export default (${options}) => ({
  name: 'mine', version: '1.0.0', contract: 1, provides: ['delivery'], requires: ['hypervisor'], optional: [], options: {},
  ${members}
});`;

const kernel = new URL('../../kernel/src/index.ts', import.meta.url).pathname;

describe('a name', () => {
  it.each(['__proto__', 'toString', 'constructor', 'hasOwnProperty'])('%s is none of the catalogue', async (name) => {
    const { code, err } = await explore(temporaryFolder(), name);
    expect(code).toBe(3);
    expect(err).toContain(`error CLI_UNKNOWN_PLUGIN: There is no strategy '${name}'; there are hcall-hold, `);
  });

  it('of any length leaves what to do in sight', async () => {
    const { err } = await explore(temporaryFolder(), 'a'.repeat(100_000));
    expect(err).toMatch(/^error CLI_UNKNOWN_PLUGIN: There is no strategy 'a{120}\.\.\.'; there are hcall-hold, .*\n$/);
  });

  it('of a part of another kind is not the one that was asked for', async () => {
    const { code, err } = await checkstop(['explore', 'direct-exit', 'guest-linux', '--hypervisor', './mine.ts'], {
      cwd: folderWith({ 'mine.ts': plugin('setup() {},') }),
    });
    expect(code).toBe(3);
    expect(err).toContain("error CLI_NO_PLUGIN: './mine.ts' is no hypervisor: that provides 'hypervisor'");
  });

  it.each([
    ["ctx.provide('delivery', {})", 'it needs a function strike(agent)'],
    ["ctx.provide('delivery', { strike: () => 42 })", 'no step machine of this hypervisor'],
  ])('of a strategy with %s is told what that lacks', async (provide, why) => {
    const { code, err } = await exploreSource(plugin(`setup(ctx) { ${provide}; },`));
    expect(code).toBe(3);
    expect(err).toContain("error DELIVERY_INVALID: The capability 'delivery' of plugin 'mine' is none: ");
    expect(err).toContain(why);
  });

  it.each([
    ['./none.ts', /There is no file '.*none\.ts' to take the strategy from\.\n$/],
    ['mine.ts', /There is no strategy 'mine\.ts'; there are .* A path begins with a dot: '\.\/mine\.ts'\.\n$/],
    ['@you/none', /There is no strategy '@you\/none'; there are .* Nor is there a package of that name in /],
  ])('%s that leads nowhere says where it was looked for', async (name, text) => {
    const { code, err } = await explore(folderWith({ 'mine.ts': '' }), name);
    expect(code).toBe(3);
    expect(err).toMatch(/^error CLI_UNKNOWN_PLUGIN: .*\n$/);
    expect(err).toMatch(text);
  });
});

describe('a module that cannot be loaded', () => {
  it.each([
    ["import './part.ts';\nexport default 1;", "Cannot find module './part.ts' at "],
    ['\nthrow new RangeError("far\\nout");', 'RangeError: far at '],
    ['export default {', 'ParseError: '],
  ])('%j says why, on one line', async (source, why) => {
    const { code, out, err } = await exploreSource(source);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^error CLI_CANNOT_LOAD: The strategy '\.\/mine\.ts' could not be loaded\. .*\n$/);
    expect(err).toContain(why);
  });
});

describe('a factory', () => {
  it.each([
    ['() => 5', 'CLI_NO_PLUGIN', 'returned a number'],
    ['() => undefined', 'CLI_NO_PLUGIN', 'returned undefined'],
    ['() => []', 'CLI_NO_PLUGIN', 'returned a list'],
    ['async () => { throw new Error("unheard"); }', 'CLI_NO_PLUGIN', 'returned a promise'],
    [
      '() => ({ name: "mine", version: "1", contract: 1, provides: [], requires: [], optional: [], setup() {} })',
      'CLI_NO_PLUGIN',
      "'./mine.ts' is no strategy: that provides 'delivery', and this plugin provides nothing",
    ],
    [
      '() => ({ name: "mine", version: "1", contract: 1, provides: ["guest", "boot"], requires: [], optional: [], setup() {} })',
      'CLI_NO_PLUGIN',
      "this plugin provides 'guest', 'boot'. Give the names in their order",
    ],
    ['() => ({ name: "mine" })', 'PLUGIN_INVALID', "Plugin 'mine' has no 'contract'"],
    ['class Mine {}', 'CLI_PLUGIN_THREW', "factory of the strategy './mine.ts' threw TypeError: "],
    ['() => { throw new Error("no"); }', 'CLI_PLUGIN_THREW', "factory of the strategy './mine.ts' threw Error: no in "],
    ['() => { throw null; }', 'CLI_PLUGIN_THREW', "factory of the strategy './mine.ts' threw null; throw an Error"],
  ])('%s is bad input', async (factory, errorCode, why) => {
    const { code, err } = await exploreSource(`export default ${factory};`);
    expect(code).toBe(3);
    expect(err).toContain(`error ${errorCode}: `);
    expect(err).toContain(why);
  });
});

describe('code from outside that throws later is blamed, with its line:', () => {
  it.each([
    ['in its set-up', plugin('setup(ctx) {\n ctx.nothing(); },'), /TypeError: .* in \S*setup at .*mine\.ts:4;/],
    [
      'in a step of its machine',
      plugin(`setup(ctx) {
        const machine = ctx.use('hypervisor').steps({ name: 'deliver', steps: {
          claim() {
            throw new Error('stuck'); } } });
        ctx.provide('delivery', { strike: () => machine }); },`),
      /stuck in \S*claim at .*mine\.ts:6;/,
    ],
    [
      'in a part of ours that it uses wrongly',
      plugin('setup(ctx) {\n ctx.state("shared", "mine", null);\n ctx.provide("delivery", {}) },'),
      /TypeError: .* in \S*setup at .*mine\.ts:4;/,
    ],
    [
      'in a property',
      plugin(`setup(ctx) {
        ctx.provide('delivery', { strike: () => undefined });
        ctx.property({ kind: 'invariant', name: 'mine', check() { throw new Error('unsure'); } }); },`),
      /unsure in \S*check at .*mine\.ts:5;/,
    ],
  ])('%s', async (_, source, text) => {
    const { code, err } = await exploreSource(source);
    expect(code).toBe(3);
    expect(err).toMatch(/^error CLI_PLUGIN_THREW: .* mend it there\.\n$/);
    expect(err).toMatch(text);
  });

  it.each([
    [
      'mine.at(0).seen.get(5)',
      /^error STATE_NO_SUCH_ELEMENT: 'mine\.seen' has no element 5; there are 2\. Look in \S*claim at .*mine\.ts:7\.\n$/,
    ],
    ['mine.at(7)', /^error STATE_NO_SUCH_AGENT: .* agent 7\. Look in \S*claim at .*mine\.ts:7\.\n$/],
  ])('what the kernel refuses: %s', async (asked, text) => {
    const source = plugin(`setup(ctx) {
        const mine = ctx.state('perAgent', 'mine', { seen: u32.array(2) });
        const machine = ctx.use('hypervisor').steps({ name: 'deliver', steps: {
          claim() {
            ${asked}; } } });
        ctx.provide('delivery', { strike: () => machine }); },`);
    const { code, err } = await exploreSource(`import { u32 } from '${kernel}'; ${source}`);
    expect(code).toBe(3);
    expect(err).toMatch(text);
  });

  it('in what a configuration adds to every machine', async () => {
    const config = 'export default { plugins() {\n throw new Error("spent"); } };';
    const { code, err } = await explore(folderWith({ 'checkstop.config.ts': config }), 'direct-exit');
    expect(code).toBe(3);
    expect(err).toMatch(/^error CLI_PLUGIN_THREW: .* threw Error: spent in \S*plugins at .*checkstop\.config\.ts:2; /);
  });

  it('in a package', async () => {
    const cwd = temporaryFolder();
    const folder = join(cwd, 'node_modules/@you/strategy');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      '{ "name": "@you/strategy", "type": "module", "exports": "./index.js" }',
    );
    writeFileSync(join(folder, 'index.js'), plugin('setup() { throw new Error("closed"); }'));
    const { code, err } = await explore(cwd, '@you/strategy');
    expect(code).toBe(3);
    expect(err).toMatch(/CLI_PLUGIN_THREW: .*closed in \S*setup at .*@you\/strategy\/index\.js:3;/);
  });
});

describe("options of one's own", () => {
  const tries = `import { definePlugin } from '${kernel}';
    const validate = (value) => 'tries' in value && Object.keys(value).length === 1
      ? { value } : { issues: [{ message: 'expected tries', path: Object.keys(value) }] };
    export default definePlugin({
      name: 'mine', version: '1.0.0', contract: 1, provides: ['delivery'], options: { '~standard': { version: 1, vendor: 'mine', validate } },
      setup: (ctx) => ctx.provide('delivery', { strike: () => undefined }),
    });`;

  it('come behind the name, and the schema refuses what it does not know', async () => {
    const cwd = folderWith({ 'mine.ts': tries });
    const { out } = await explore(cwd, './mine.ts:tries=3', '--max-states', '10', '--json', '-');
    expect(JSON.parse(out).cells[0].strategy).toEqual({ name: 'mine', version: '1.0.0', options: { tries: 3 } });
    const refused = await explore(cwd, './mine.ts:tires=3');
    expect(refused.code).toBe(3);
    expect(refused.err).toContain("error PLUGIN_BAD_OPTION: Option of 'mine': tires: expected tries");
  });

  it('need a schema', async () => {
    const cwd = folderWith({ 'mine.ts': tries.replace(/options: .* } },/, '') });
    const { code, err } = await explore(cwd, './mine.ts:tries=3');
    expect(code).toBe(3);
    expect(err).toContain("error PLUGIN_BAD_OPTION: 'mine' takes no options; it was given tries.");
  });

  it('of a built-in plugin are listed when one is unknown', async () => {
    const { err } = await explore(temporaryFolder(), 'hcall-busy:hcal=1');
    expect(err).toMatch(/PLUGIN_BAD_OPTION: .*hcal: there is no such option; there are .*hcall/);
  });
});
