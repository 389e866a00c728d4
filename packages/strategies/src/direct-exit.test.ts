import { expect, it } from 'vitest';
import { directExit } from './direct-exit.ts';
import { qemu50 } from './qemu-5.0.ts';
import { stage } from './testing.ts';

it('writes nothing to the vector', () => {
  const set = stage(directExit());
  set.strike(0);
  set.until(0, set.label('routine'));
  expect(set.machine.ram.readBytes(0x200, 0x100).every((byte) => byte === 0)).toBe(true);
});

it.each([
  ['direct-exit', directExit],
  ['qemu-5.0', qemu50],
] as const)('%s: what becomes of a check without the magic value is refused where there is none', (name, strategy) => {
  const why = `Option of '${name}': fallback: repatch has no effect: nobody looks for a magic value; say magic=early or atomic`;
  expect(() => strategy({ fallback: 'repatch' })).toThrow(
    expect.objectContaining({ code: 'PLUGIN_BAD_OPTION', message: expect.stringContaining(why) }),
  );
  expect(strategy({ fallback: 'repatch', magic: 'early' }).options).toMatchObject({ fallback: 'repatch' });
  expect(strategy({ fallback: 'architected' }).options).toMatchObject({ magic: 'none' });
});
