import { definePlugin } from '@checkstop/kernel';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { effective } from './needs.ts';
import { guestOptions } from './options.ts';

const guest = definePlugin({
  name: 'guest',
  version: '1.0.0',
  contract: 1,
  provides: [],
  options: v.pipe(v.strictObject(guestOptions('little')), effective()),
  setup() {},
});
type Options = NonNullable<Parameters<typeof guest>[0]>;

describe('options without effect', () => {
  it.each<[Options, string]>([
    [{ parking: 'wait' }, 'parking: wait has no effect: only a crash'],
    [{ parking: 'signal', kexec: 'orderly' }, 'parking: signal has no effect: only a crash'],
    [{ kexecVectors: 'before' }, 'kexecVectors: before has no effect: no other kernel'],
    [{ stubs: 'branch-first' }, 'stubs: branch-first has no effect: no other kernel'],
    [{ stubsOver: 'all' }, 'stubsOver: all has no effect: no other kernel'],
    [{ reuse: true }, 'reuse: true has no effect: no other kernel'],
    [{ deregister: true }, 'deregister: true has no effect: no other kernel'],
    [{ reregisters: false }, 'reregisters: false has no effect: no other kernel'],
    [
      { kexec: 'crash', kexecVectors: 'never', stubs: 'branch-first' },
      'stubs: branch-first has no effect: nobody writes',
    ],
    [{ kexec: 'crash', parking: 'wait', systemReset: 'lossy' }, 'systemReset: lossy has no effect: with parking'],
    [{ endian: 'big', setsIle: 'after' }, 'setsIle: after has no effect: interrupts are big-endian'],
  ])('%j are refused', (options, why) => {
    expect(() => guest(options)).toThrow(expect.objectContaining({ code: 'PLUGIN_BAD_OPTION' }));
    expect(() => guest(options)).toThrow(`Option of 'guest': ${why}`);
  });

  it('are refused all at once, each once', () => {
    expect(() => guest({ reuse: true, stubs: 'branch-first', kexecVectors: 'never' })).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({
          issues: ['kexecVectors', 'stubs', 'reuse'].map((path) => expect.objectContaining({ path })),
        }),
      }),
    );
  });

  it.each<[Options]>([
    [{}],
    [{ parking: 'none', kexecVectors: 'after', reuse: false, endian: 'big', setsIle: 'before' }],
    [{ kexec: 'panic', parking: 'wait', stubs: 'branch-first', stubsOver: 'all', reuse: true, deregister: true }],
    [{ kexec: 'orderly', systemReset: 'lossy', kexecVectors: 'never', reregisters: false }],
    [{ endian: 'little', setsIle: 'after' }],
  ])('%j are none', (options) => {
    expect(() => guest(options)).not.toThrow();
  });
});
