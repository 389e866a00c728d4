import { describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { block, br, brIf, Label, loop, when } from './code.ts';
import { signed, unsigned } from './leb128.ts';
import { WasmModule } from './module.ts';

describe('LEB128', () => {
  it.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 1]],
    [624485, [0xe5, 0x8e, 0x26]],
    [0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('unsigned %i', (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes);
  });

  it.each([
    [0n, [0]],
    [63n, [0x3f]],
    [64n, [0xc0, 0]],
    [-1n, [0x7f]],
    [-64n, [0x40]],
    [-123456n, [0xc0, 0xbb, 0x78]],
    [-(2n ** 63n), [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]],
  ])('signed %i', (value, bytes) => {
    expect(signed(value)).toEqual(bytes);
  });
});

describe('a module', () => {
  it('is what the text format says', async () => {
    const module = new WasmModule();
    const log = module.import('log', ['i32']);
    const limit = module.constant('limit');
    const calls = module.global('i32');
    const [again, out] = [new Label(), new Label()];
    const count = module.function(['i32', 'i64'], ['i32'], ([n], local) => {
      const i = local('i32');
      return [
        block(
          out,
          loop(
            again,
            brIf(out, [i.get, n.get, 0x4f]),
            when([i.get, limit, 0x46], [i.get, 0x10, log.index], [calls.get, calls.set]),
            [i.get, 0x41, 1, 0x6a, i.set],
            br(again),
          ),
        ),
        i.get,
      ];
    });
    module.table([count]);
    module.export('count', count);
    module.export(
      'indirect',
      module.function(['i32', 'i64', 'i32'], ['i32'], ([n, x, index]) => [
        ...[n.get, x.get, index.get],
        module.callTable(['i32', 'i64'], ['i32']),
      ]),
    );
    const { readWasm } = await wabt();
    expect(
      readWasm(module.bytes(), { readDebugNames: false }).toText({ foldExprs: true, inlineExport: false }),
    ).toMatchInlineSnapshot(`
      "(module
        (type (;0;) (func (param i32)))
        (type (;1;) (func (param i32 i64) (result i32)))
        (type (;2;) (func (param i32 i64 i32) (result i32)))
        (import "arena" "memory" (memory (;0;) 1))
        (import "arena" "limit" (global (;0;) i32))
        (import "host" "log" (func (;0;) (type 0)))
        (func (;1;) (type 1) (param i32 i64) (result i32)
          (local i32)
          (block  ;; label = @1
            (loop  ;; label = @2
              (br_if 1 (;@1;)
                (i32.ge_u
                  (local.get 2)
                  (local.get 0)))
              (if  ;; label = @3
                (i32.eq
                  (local.get 2)
                  (global.get 0))
                (then
                  (call 0
                    (local.get 2)))
                (else
                  (global.set 1
                    (global.get 1))))
              (local.set 2
                (i32.add
                  (local.get 2)
                  (i32.const 1)))
              (br 0 (;@2;))))
          (local.get 2))
        (func (;2;) (type 2) (param i32 i64 i32) (result i32)
          (call_indirect (type 1)
            (local.get 0)
            (local.get 1)
            (local.get 2)))
        (table (;0;) 1 1 funcref)
        (global (;1;) (mut i32) (i32.const 0))
        (export "count" (func 1))
        (export "indirect" (func 2))
        (elem (;0;) (i32.const 0) func 1))
      "
    `);
  });

  it('runs', () => {
    const module = new WasmModule();
    const limit = module.constant('limit');
    module.export(
      'limit',
      module.function([], ['i32'], () => limit),
    );
    const memory = new WebAssembly.Memory({ initial: 3, maximum: 5 });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { arena: { memory, limit: 7 } });
    expect((instance.exports as { limit: () => number }).limit()).toBe(7);
  });

  it('is not written with a branch to nowhere', () => {
    const module = new WasmModule();
    module.function([], [], () => br(new Label()));
    expect(() => module.bytes()).toThrow(RangeError);
  });
});
