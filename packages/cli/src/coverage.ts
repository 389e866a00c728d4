import type { Result } from '@checkstop/explorer';
import type { Machine } from '@checkstop/kernel';
import { disassemble } from '@checkstop/ppc-core';
import { counted } from '@checkstop/report';
import { placeOf } from './outcomes.ts';
import { count } from './progress.ts';
import { hasStarted } from './report.ts';

/** What tried the checks: a search, or sampling. */
interface Tried {
  readonly machine: Machine;
  readonly result: Pick<Result, 'coverage' | 'complete' | 'transitions'>;
}

/**
 * What the checks and resets were tried on: at how many places they struck, were delivered, let the interrupted code go on or ended otherwise, and which instructions of the guest's work were never struck. A search that is not complete can only say so far.
 */
export function coverageText({ result, machine }: Tried): string {
  if (!hasStarted(result)) return 'nothing was tried\n';
  const far = result.complete ? '' : 'so far, ';
  const places = new Map<string, Set<string>>(
    ['check', 'delivered', 'resumed', 'checkStopped', 'checkDropped', 'checkAborted', 'reset', 'resetReturned'].map(
      (tag) => [tag, new Set()],
    ),
  );
  for (const { where, tags } of result.coverage) {
    for (const tag of tags) places.get(tag)?.add(where.split(' ', 1)[0] ?? '');
  }
  const at = (tag: string): string => count(places.get(tag)?.size ?? 0);
  const otherwise = (tag: string, what: string): string => (places.get(tag)?.size ? `, ${what} at ${at(tag)}` : '');
  const struck = new Set([...places.values()].flatMap((set) => [...set]));
  const { work, symbols, endian } = machine.use('guest');
  const never: string[] = [];
  for (let address = work.start; address < work.end; address += 4) {
    if (struck.has(placeOf(BigInt(address)))) continue;
    never.push(
      `  ${placeOf(BigInt(address))} ${disassemble(machine.ram.readU32(address, endian), address, { symbols })}\n`,
    );
  }
  return (
    `${far}checks struck at ${counted(places.get('check')?.size ?? 0, 'place')}; from there delivered at ${at('delivered')}, survived at ${at('resumed')}, ended with the machine at ${at('checkStopped')}` +
    `${otherwise('checkDropped', 'dropped')}${otherwise('checkAborted', 'aborted')}\n` +
    (places.get('reset')?.size
      ? `${far}system resets struck at ${counted(places.get('reset')?.size ?? 0, 'place')}, survived at ${at('resetReturned')}\n`
      : '') +
    `${far}instructions of work that were never struck: ${never.length === 0 ? 'none\n' : `\n${never.join('')}`}`
  );
}
