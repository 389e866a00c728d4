import { readFileSync } from 'node:fs';
import * as explorer from '@checkstop/explorer';
import * as guest from '@checkstop/guest-linux';
import * as hypervisor from '@checkstop/hypervisor';
import * as qemu from '@checkstop/hypervisor-qemu';
import * as kernel from '@checkstop/kernel';
import * as core from '@checkstop/ppc-core';
import * as firmware from '@checkstop/rtas-fwnmi';
import * as strategies from '@checkstop/strategies';
import { expect, it } from 'vitest';

const modules: Record<string, object> = {
  '@checkstop/explorer': explorer,
  '@checkstop/guest-linux': guest,
  '@checkstop/hypervisor': hypervisor,
  '@checkstop/hypervisor-qemu': qemu,
  '@checkstop/kernel': kernel,
  '@checkstop/ppc-core': core,
  '@checkstop/rtas-fwnmi': firmware,
  '@checkstop/strategies': strategies,
};

it("the strategies' README begins with a program that runs", () => {
  const readme = readFileSync(new URL('../../strategies/README.md', import.meta.url), 'utf8');
  const [, program] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const body = (program as string).replace(/import (\{.*?\}) from '(.*?)';/g, "const $1 = modules['$2'];");
  const printed: string[] = [];
  new Function('modules', 'console', body)(modules, { log: (text: string) => printed.push(text) });
  expect(printed).toEqual(['hcall-hold: violated noDeadlock', 'hcall-busy: holds ']);
});
