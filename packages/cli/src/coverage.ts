import type { Result } from '@checkstop/explorer';
import { type Guest, orderAt } from '@checkstop/hypervisor';
import type { Machine } from '@checkstop/kernel';
import { decode, disassemble } from '@checkstop/ppc-core';
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
 * What the checks and resets were tried on: at how many places they struck, were delivered, let the interrupted code go on or ended otherwise, and which instructions of the guest's work, and of what that work passes through, were never struck although they could have been. A search that is not complete can only say so far.
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
  const guest = machine.use('guest');
  const never = instructionsOf(guest).flatMap((address) => {
    const word = machine.ram.readU32(address, orderAt(guest, address));
    const place = placeOf(BigInt(address));
    if (struck.has(place) || !machine.use('injection').strikesBefore(decode(word)?.footprint)) return [];
    return [`  ${place} ${disassemble(word, address, { symbols: guest.symbols })}\n`];
  });
  return (
    `${far}checks struck at ${counted(places.get('check')?.size ?? 0, 'place')}; from there delivered at ${at('delivered')}, survived at ${at('resumed')}, ended with the machine at ${at('checkStopped')}` +
    `${otherwise('checkDropped', 'dropped')}${otherwise('checkAborted', 'aborted')}\n` +
    (places.get('reset')?.size
      ? `${far}system resets struck at ${counted(places.get('reset')?.size ?? 0, 'place')}, survived at ${at('resetReturned')}\n`
      : '') +
    `${far}instructions of work that were never struck: ${never.length === 0 ? 'none\n' : `\n${never.join('')}`}`
  );
}

/** Addresses of the guest's work, and of what it passes through beside it. */
const instructionsOf = ({ work, passes = [] }: Guest): number[] =>
  [work, ...passes].flatMap(({ start, end }) => Array.from({ length: (end - start) / 4 }, (_, i) => start + 4 * i));
