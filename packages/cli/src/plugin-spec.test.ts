import { describe, expect, it } from 'vitest';
import { bigintText, exactOptions, formatPluginSpec, parsePluginSpec } from './plugin-spec.ts';

describe('plugin specs', () => {
  it.each([
    ['hcall-busy', { name: 'hcall-busy', options: {} }],
    ['hcall-busy:number=0xf004,scratch=sprg2', { name: 'hcall-busy', options: { number: 0xf004, scratch: 'sprg2' } }],
    ['guest-linux:testRi=false', { name: 'guest-linux', options: { testRi: false } }],
    ['@you/strategy:tries=3', { name: '@you/strategy', options: { tries: 3 } }],
    ['x:address=0xc000000000000000', { name: 'x', options: { address: 0xc000000000000000n } }],
    ['x:address=18446744073709551615', { name: 'x', options: { address: 2n ** 64n - 1n } }],
    ['x:offset=-9007199254740993', { name: 'x', options: { offset: -(2n ** 53n) - 1n } }],
    ['x:size=9007199254740991', { name: 'x', options: { size: Number.MAX_SAFE_INTEGER } }],
    ['./mine.mjs', { name: './mine.mjs', options: {} }],
    ['x:__proto__=1', { name: 'x', options: JSON.parse('{"__proto__":1}') }],
  ])('%s', (text, spec) => {
    expect(parsePluginSpec(text)).toEqual(spec);
    expect(parsePluginSpec(formatPluginSpec(spec))).toEqual(spec);
    expect(exactOptions(JSON.parse(JSON.stringify(spec.options, bigintText)))).toEqual(spec.options);
  });

  it.each(['', 'x:a=1,b', 'x:a=1,,b=2', 'x:', 'x:a', './x.ts:a', 'x:a=1,b=2,a=1'])('rejects %j', (text) => {
    expect(() => parsePluginSpec(text)).toThrow(expect.objectContaining({ code: 'CLI_BAD_PLUGIN_SPEC' }));
  });
});
