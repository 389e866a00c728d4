import { expect, it } from 'vitest';
import { directExit } from './direct-exit.ts';
import { stage } from './testing.ts';

it('writes nothing to the vector', () => {
  const set = stage(directExit());
  set.strike(0);
  set.until(0, set.label('routine'));
  expect(set.machine.ram.readBytes(0x200, 0x100).every((byte) => byte === 0)).toBe(true);
});
