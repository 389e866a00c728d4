import { beforeAll, describe, expect, it } from 'vitest';
import wabt from 'wabt';
import type { Row } from '../isa/row.ts';
import { rowOf } from '../isa/table.ts';
import { WasmModule } from '../wasm/module.ts';
import { interpreterParts } from './generate.ts';
import { instruction } from './instruction.ts';

/** The last function of a module in which only one instruction is compiled, as text. */
async function compiled(mnemonic: string, logged = false): Promise<string> {
  const module = new WasmModule();
  instruction(module, interpreterParts(module, logged, 1), rowOf(mnemonic) as Row);
  const { readWasm } = await wabt();
  const text = readWasm(module.bytes(), {}).toText({ foldExprs: true, inlineExport: false });
  return text.slice(text.lastIndexOf('  (func '), text.indexOf('  (global '));
}

describe('compiled instructions', () => {
  let text: Record<string, string> = {};
  beforeAll(async () => {
    text = { addi: await compiled('addi'), logged: await compiled('addi', true) };
  });

  it('take their operands out of the word', () => {
    expect(text.addi).toMatchInlineSnapshot(`
      "  (func (;19;) (type 8) (param i32 i32 i64) (result i64)
          (local i64 i32 i64)
          (local.set 3
            (i64.add
              (local.get 2)
              (i64.const 4)))
          (local.set 5
            (i64.load align=1
              (i32.add
                (local.get 0)
                (i32.shl
                  (i32.and
                    (i32.shr_u
                      (local.get 1)
                      (i32.const 16))
                    (i32.const 31))
                  (i32.const 3)))))
          (i64.store align=1
            (i32.add
              (local.get 0)
              (i32.shl
                (i32.and
                  (i32.shr_u
                    (local.get 1)
                    (i32.const 21))
                  (i32.const 31))
                (i32.const 3)))
            (i64.add
              (select (result i64)
                (local.get 5)
                (i64.const 0)
                (i32.and
                  (i32.shr_u
                    (local.get 1)
                    (i32.const 16))
                  (i32.const 31)))
              (i64.shr_s
                (i64.shl
                  (i64.extend_i32_u
                    (i32.and
                      (i32.shr_u
                        (local.get 1)
                        (i32.const 0))
                      (i32.const 65535)))
                  (i64.const 48))
                (i64.const 48))))
          (local.get 3))
      "
    `);
  });

  it('write through the log in the logged build, and differ in nothing else', () => {
    const [plain = [], logged = []] = [text.addi, text.logged].map((whole) => whole?.split('\n').slice(1));
    const changed = plain.flatMap((line, at) => (line === logged[at] ? [] : [`${line.trim()} ${logged[at]?.trim()}`]));
    expect(changed).toEqual(['(i64.store align=1 (call 8']);
    expect(logged.length).toBe(plain.length);
  });
});
