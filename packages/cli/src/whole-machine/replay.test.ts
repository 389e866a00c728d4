import { checkToken, formatToken, parseToken } from '@checkstop/explorer';
import { type Machine, type Move, replay, type Scheduler, scheduleLength, seededRandom } from '@checkstop/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCellSpec, prepareCell } from '../cell.ts';
import { CELLS, cellOf } from './cells.fixture.ts';

/** Guests beside those of the matrix: full builds, one that is replaced, one that is told of resets. */
const GUESTS = ['guest-linux:build=full', 'guest-other-os:build=full', 'guest-linux:kexec=crash'];

const cells = [...CELLS, ...GUESTS.map((guest) => ['direct-exit', guest] as const)];

/** Runs at random from where the machine is; the schedule, and the machine's hash before every step and after the last. */
function recorded(machine: Machine, seed: number, maxSteps: number) {
  const hashes: string[] = [];
  const schedule: Move[] = [];
  const random = seededRandom(seed, { faultEvery: 12 });
  const watched: Scheduler = {
    next(alternatives) {
      hashes.push(machine.arena.computeHash());
      const decision = random.next(alternatives);
      return decision && { ...decision, budget: 1 };
    },
    choose: (name, count) => random.choose?.(name, count) ?? 0,
  };
  machine.run(watched, { maxSteps, record: schedule });
  hashes.splice(scheduleLength(schedule));
  return { schedule, hashes: [...hashes, machine.arena.computeHash()] };
}

it('any run of any cell, as its token has it, goes through the same states on another machine', async () => {
  const drawn = fc.tuple(
    fc.constantFrom(...cells),
    fc.integer({ min: 1, max: 3 }),
    fc.integer(),
    fc.integer({ min: 0, max: 250 }),
  );
  await fc.assert(
    fc.asyncProperty(drawn, async ([[strategy, guest], vcpus, seed, steps]) => {
      const { spec, boot } = await cellOf(strategy, guest, {}, { vcpus, checks: { perVcpu: 2 } });
      const machine = boot();
      const { schedule, hashes } = recorded(machine, seed, steps);
      const token = parseToken(formatToken(machine, { config: spec, schedule, hash: hashes.at(-1) ?? '' }));
      const other = (await prepareCell(parseCellSpec(token.config))).boot();
      checkToken(other, token);
      const again: string[] = [];
      replay(other, token.schedule, () => again.push(other.arena.computeHash()));
      expect([...again, other.arena.computeHash()]).toEqual(hashes);
      expect(token.hash).toBe(hashes.at(-1));
    }),
    { numRuns: 40 },
  );
}, 120_000);

it('a schedule with one turn taken by another vCPU leads elsewhere', async () => {
  const { boot } = await cellOf('direct-exit', 'guest-linux');
  const { schedule, hashes } = recorded(boot(), 1, 40);
  const other = boot();
  const turned = schedule.map((move, i) =>
    i === 0 && move.action === 'step' ? { ...move, agent: 1 - move.agent } : move,
  );
  const again: string[] = [];
  replay(other, turned, () => again.push(other.arena.computeHash()));
  expect(again[1]).not.toBe(hashes[1]);
});
