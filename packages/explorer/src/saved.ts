import { CheckstopError, type Machine } from '@checkstop/kernel';
import { version } from '../package.json';
import { Archive, damaged } from './archive.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { ExploreOptions, Mode } from './options.ts';
import { hexadecimal, type Identity, identity } from './token.ts';

/** First in every file; the number is the format's. */
const MAGIC = new TextEncoder().encode('checkstop.search/2\n');
const SUM = 8;
/** What is read may take somewhat more memory than the tables of a search may: limits are looked at now and then. */
const BUDGET_SHARE = 1.25;
/** All there are. */
const MODES: readonly Mode[] = ['reduced', 'merged', 'closure', 'unreduced'];
/** Bytes of the header at most: a configuration and the names of plugins and properties are short. */
const LARGEST_HEADER = 2 ** 20;
/** Lists and objects inside one another in it, at most: the configuration is written again, into tokens say, by recursion. */
const DEEPEST_HEADER = 1000;

/** What a saved search is of. */
export interface Saved {
  /** Whatever the caller needs to compose the machine again, see {@link ExploreOptions}; plain data. */
  readonly config: unknown;
  readonly mode: Mode;
  readonly liveness: boolean;
}

interface Header extends Saved, Identity {
  /** Version of the explorer. */
  readonly explorer: string;
  /** Hash of the state in which the search begins. */
  readonly start: string;
  /** Agents, actions, properties, and the outcomes that the coverage tells. */
  readonly names: readonly string[];
}

/** What a search of this machine, which is in its initial state, is to be saved as. */
export function headerOf(
  machine: Machine,
  { mode = 'reduced', liveness = false, config = null, ...asked }: ExploreOptions,
): Header {
  const { properties = machine.properties, outcomes = [] } = asked;
  const names = [
    ...machine.agents.map(({ name }) => `agent ${name}`),
    ...machine.actions.map((action) => `action ${action}`),
    ...properties.map(({ kind, name }) => `${kind} ${name}`),
    ...outcomes.map(({ tag }) => `outcome ${tag}`),
  ];
  const start = machine.arena.computeHash();
  return { explorer: version, ...identity(machine), start, names, mode, liveness, config };
}

/** Makes a file of a header and of what the search archives. */
export function formatSaved(header: Header, archive: (a: Archive) => void): Uint8Array {
  const a = new Archive();
  a.text(JSON.stringify(header, hexadecimal));
  archive(a);
  const file = new Uint8Array(MAGIC.length + SUM + a.written.length);
  file.set(MAGIC);
  file.set(a.written, MAGIC.length + SUM);
  new DataView(file.buffer).setBigUint64(MAGIC.length, checksum(file.subarray(MAGIC.length + SUM)));
  return file;
}

/**
 * Reads what a saved search is of, so that its machine can be composed; nothing of it is executed.
 *
 * @throws CheckstopError SAVE_SYNTAX (no saved search, or of a format this version doesn't know), SAVE_DAMAGED
 */
export function readSaved(bytes: Uint8Array): Saved {
  const { config, mode, liveness } = open(bytes).header;
  return { config, mode, liveness };
}

/**
 * Opens a file for a search of this machine.
 *
 * @throws CheckstopError SAVE_SYNTAX, SAVE_DAMAGED, SAVE_OTHER_VERSIONS, SAVE_OTHER_MACHINE
 */
export function openSaved(
  machine: Machine,
  bytes: Uint8Array,
  options: ExploreOptions,
): { saved: Saved; archive: Archive } {
  const { header, archive } = open(bytes, BUDGET_SHARE * (options.limits?.bytes ?? DEFAULT_LIMITS.bytes));
  const { mode, liveness, config } = header;
  const here = headerOf(machine, { ...options, mode, liveness });
  const made = ({ plugins, explorer }: Header): string => [...plugins, `@checkstop/explorer@${explorer}`].join(', ');
  if (made(header) !== made(here))
    throw new CheckstopError(
      'SAVE_OTHER_VERSIONS',
      `The search was saved with ${made(header)}; here are ${made(here)}. Install those versions to go on with it.`,
      { saved: header.plugins, here: here.plugins },
    );
  const isSame =
    header.options === here.options && header.start === here.start && `${header.names}` === `${here.names}`;
  if (!isSame)
    throw new CheckstopError(
      'SAVE_OTHER_MACHINE',
      'The search was saved of a machine of the same plugins with other options, another state at its start, or other properties; compose the machine from the configuration in the file.',
      { config },
    );
  return { saved: { mode, liveness, config }, archive };
}

function open(bytes: Uint8Array, budget?: number): { header: Header; archive: Archive } {
  const start = MAGIC.length + SUM;
  if (bytes.length < start || !MAGIC.every((byte, i) => bytes[i] === byte))
    throw new CheckstopError(
      'SAVE_SYNTAX',
      `This is no saved search of a format that this version reads: it does not begin with '${new TextDecoder().decode(MAGIC).trim()}'.`,
    );
  const sum = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(MAGIC.length);
  if (sum !== checksum(bytes.subarray(start))) throw damaged();
  const archive = new Archive(bytes, start, budget);
  const text = archive.text('', LARGEST_HEADER);
  let header: Header;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw damaged(cause);
  }
  archive.demand(isHeader(header) && isShallow(header, DEEPEST_HEADER));
  return { header, archive };
}

function isHeader(header: Header | null): boolean {
  const isText = (value: unknown): boolean => typeof value === 'string';
  const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
  if (typeof header !== 'object' || header === null) return false;
  const { explorer, plugins, options, start, names, mode, liveness } = header;
  const texts = [explorer, options, start].every(isText) && isTexts(plugins) && isTexts(names);
  return texts && typeof liveness === 'boolean' && MODES.includes(mode);
}

const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((part) => isShallow(part, levels - 1)));

/** FNV-1a in two lanes: against slips of disks and copying, not against malice. */
export function checksum(bytes: Uint8Array): bigint {
  let a = 0x811c9dc5;
  let b = 0x9e3779b1;
  for (let i = 0; i < bytes.length; i++) {
    a = Math.imul(a ^ bytes[i], 0x01000193);
    b = Math.imul(b ^ bytes[i], 0x85ebca6b) ^ (b >>> 15);
  }
  return (BigInt(a >>> 0) << 32n) | BigInt(b >>> 0);
}
