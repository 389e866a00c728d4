import { disassemble } from '@checkstop/ppc-core';
import { placeOf } from './outcomes.ts';
import { count } from './progress.ts';
import type { CellRun } from './run-cell.ts';

/**
 * What the checks were tried on: how many places were struck, at how many of them the interrupted code went on afterwards,
 * and which instructions of the guest's work were never struck.
 */
export function coverageText({ result, machine }: CellRun): string {
  const struck = new Set<string>();
  const resumed = new Set<string>();
  for (const { where, tags } of result.coverage) {
    const [place = ''] = where.split(' ');
    if (tags.includes('check')) struck.add(place);
    if (tags.includes('resumed')) resumed.add(place);
  }
  const { work, symbols, endian } = machine.use('guest');
  const never: string[] = [];
  for (let address = work.start; address < work.end; address += 4) {
    if (struck.has(placeOf(BigInt(address)))) continue;
    never.push(
      `  ${placeOf(BigInt(address))} ${disassemble(machine.ram.readU32(address, endian), address, { symbols })}\n`,
    );
  }
  return (
    `struck at ${count(struck.size)} places, went on at ${count(resumed.size)} of them\n` +
    `instructions of work that were never struck: ${never.length === 0 ? 'none\n' : `\n${never.join('')}`}`
  );
}
