import { type Cell, type CellSpec, prepareCell } from '../cell.ts';
import { cellOf } from './cells.fixture.ts';
import { type GuideCell, guideCells } from './guide.fixture.ts';

/** Cells that take long: many vCPUs' worth of moments at which a vCPU may be stopped, and nothing to merge. */
const isSlow = ({ section, command }: GuideCell): boolean =>
  section === 'Only the guest is waited for' ||
  command.includes('decided=at-start') ||
  /^hcall-\w+ guest-linux --machine-reset/.test(command);

/** The cells of docs/migration.md. */
export const [slow, fast] = [true, false].map((is) =>
  guideCells('migration')
    .filter((cell) => isSlow(cell) === is)
    .map((cell) => [cell.command, cell] as const),
) as [(readonly [string, GuideCell])[], (readonly [string, GuideCell])[]];

/** A cell of the default ones, with guest-linux, but for this. */
export const stoppedCell = async (strategy: string, more: Partial<CellSpec>): Promise<Cell> => {
  const { spec } = await cellOf(strategy, 'guest-linux');
  return prepareCell({ ...spec, ...more });
};
