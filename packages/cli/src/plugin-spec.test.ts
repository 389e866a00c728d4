import { describe, expect, it } from 'vitest';
import { formatPluginSpec, parsePluginSpec } from './plugin-spec.ts';

describe('plugin specs', () => {
  it.each([
    ['hcall-busy', { name: 'hcall-busy', options: {} }],
    ['hcall-busy:number=0xf004,scratch=sprg2', { name: 'hcall-busy', options: { number: 0xf004, scratch: 'sprg2' } }],
    ['guest-linux:testRi=false', { name: 'guest-linux', options: { testRi: false } }],
    ['@you/strategy:tries=3', { name: '@you/strategy', options: { tries: 3 } }],
    ['./mine.mjs', { name: './mine.mjs', options: {} }],
  ])('%s', (text, spec) => {
    expect(parsePluginSpec(text)).toEqual(spec);
    expect(parsePluginSpec(formatPluginSpec(spec))).toEqual(spec);
  });

  it.each(['', 'x:a=1,b', 'x:a=1,,b=2'])('rejects %j', (text) => {
    expect(() => parsePluginSpec(text)).toThrow(expect.objectContaining({ code: 'CLI_BAD_PLUGIN_SPEC' }));
  });
});
