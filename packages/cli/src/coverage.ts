import type { Result } from '@checkstop/explorer';
import { type Guest, wordAt } from '@checkstop/hypervisor';
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

/** By the address of each instruction that a vCPU was at, or by what else it was at: what struck there, and what became of it. None: nothing ever struck. */
export function outcomesByPlace({ coverage }: Pick<Result, 'coverage'>): Map<string, readonly string[]> {
  const places = new Map<string, Set<string>>();
  for (const { where, tags } of coverage) {
    const [place] = /^0x[\da-f]+/.exec(where) ?? [where];
    places.set(place, new Set([...(places.get(place) ?? []), ...tags]));
  }
  return new Map([...places].map(([place, tags]) => [place, [...tags].sort()]));
}

/**
 * Addresses before which nothing ever struck although it could have: those of the guest's work and of what that passes through, and
 * those elsewhere that some vCPU was at, in order.
 */
export function neverStruck(
  machine: Machine,
  outcomes: ReadonlyMap<string, readonly string[]>,
): { readonly work: readonly number[]; readonly elsewhere: readonly bigint[] } {
  const guest = machine.use('guest');
  const { strikesBefore } = machine.use('injection');
  const could = (address: number | bigint): boolean => {
    const word = wordAt(machine.ram, guest, address);
    return strikesBefore(word === undefined ? undefined : decode(word)?.footprint);
  };
  const work = instructionsOf(guest);
  const passed = [...outcomes].flatMap(([place, tags]) =>
    tags.length === 0 && /^0x[\da-f]+$/.test(place) ? [BigInt(place)] : [],
  );
  return {
    work: work.filter((address) => !outcomes.get(placeOf(BigInt(address)))?.length && could(address)),
    elsewhere: passed
      .filter((address) => !work.includes(Number(address)) && could(address))
      .sort((a, b) => (a < b ? -1 : 1)),
  };
}

const instruction = (machine: Machine, address: number): string => {
  const guest = machine.use('guest');
  const word = wordAt(machine.ram, guest, address);
  const text = word === undefined ? '(outside RAM)' : disassemble(word, address, guest);
  return `${placeOf(BigInt(address))} ${text}`;
};

/** Addresses as stretches of instructions that follow each other, with the symbol that each begins at or behind. */
function stretchesText(addresses: readonly bigint[], machine: Machine): string {
  const starts = addresses.filter((address) => !addresses.includes(address - 4n));
  const ends = addresses.filter((address) => !addresses.includes(address + 4n));
  const guest = machine.use('guest');
  const named = [...guest.symbols].sort(([, a], [, b]) => a - b);
  return starts
    .map((start, i) => {
      const isOutside = wordAt(machine.ram, guest, start) === undefined;
      const [name] = isOutside ? ['outside RAM'] : (named.findLast(([, at]) => at <= start) ?? []);
      const stretch = [start, ends[i] ?? start].map(placeOf);
      return `${[...new Set(stretch)].join(' to ')}${name === undefined ? '' : ` (${name})`}`;
    })
    .join(', ');
}

/**
 * What the checks and resets were tried on: at how many places they struck, were delivered, let the interrupted code go on or ended otherwise, and which instructions of the guest's work, and of what that work passes through, were never struck although they could have been. A search that is not complete can only say so far.
 */
export function coverageText({ result, machine }: Tried): string {
  if (!hasStarted(result)) return 'nothing was tried\n';
  const far = result.complete ? '' : 'so far, ';
  const outcomes = outcomesByPlace(result);
  const number = (tag: string): number => [...outcomes.values()].filter((tags) => tags.includes(tag)).length;
  const at = (tag: string): string => count(number(tag));
  const otherwise = (tag: string, what: string): string => (number(tag) ? `, ${what} at ${at(tag)}` : '');
  const never = neverStruck(machine, outcomes);
  const words = never.work.map((address) => `\n  ${instruction(machine, address)}`).join('');
  return (
    `${far}checks struck at ${counted(number('check'), 'place')}; from there delivered at ${at('delivered')}, survived at ${at('resumed')}, ended with the machine at ${at('checkStopped')}${number('panicked') ? ` (a panic at ${at('panicked')})` : ''}` +
    `${otherwise('checkDropped', 'dropped')}${otherwise('checkAborted', 'aborted')}\n` +
    (number('reset')
      ? `${far}system resets struck at ${counted(number('reset'), 'place')}, survived at ${at('resetReturned')}\n`
      : '') +
    `${far}instructions of work that were never struck: ${words || 'none'}\n` +
    (never.elsewhere.length > 0
      ? `${far}elsewhere passed, and never struck: ${stretchesText(never.elsewhere, machine)}\n`
      : '')
  );
}

/** Addresses of the guest's work, and of what it passes through beside it. */
const instructionsOf = ({ work, passes = [] }: Guest): number[] =>
  [work, ...passes].flatMap(({ start, end }) => Array.from({ length: (end - start) / 4 }, (_, i) => start + 4 * i));
