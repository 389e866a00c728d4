import {
  CheckstopError,
  formatSchedule,
  type Machine,
  parseSchedule,
  type Schedule,
  scheduleLength,
} from '@checkstop/kernel';
import { FAIRNESS, type Fairness } from './liveness/fairness.ts';

/** What comes round again for ever behind the schedule of a token, and which property that violates. */
export interface TokenLoop {
  /** One round. Empty: no agent is able to step any more. */
  readonly schedule: Schedule;
  /** The response property. */
  readonly property: string;
  /** For which something stays pending. */
  readonly agent: number;
  readonly fairness: Fairness;
}

/** What a replay token holds. */
export interface Token {
  /** Whatever the caller needs to compose the machine again; plain data. */
  readonly config: unknown;
  readonly schedule: Schedule;
  /** Hash of the machine's state after the schedule, and after every round of the loop. */
  readonly hash: string;
  /** Of a run without an end; see {@link confirmLasso}. */
  readonly loop?: TokenLoop;
  /** The plugins it was recorded with, as `name@version`. */
  readonly plugins: readonly string[];
  /** Digest of the plugins' options. */
  readonly options: string;
}

const PREFIX = 'cs1';

/** A machine's hash, and a digest, as they are written. */
const HASH = /^[\da-f]{16}$/;
const DIGEST = /^[\da-f]{8}$/;

/** Longer runs than any search finds; a longer schedule was not recorded by one. */
const MAX_STEPS = 10_000_000;

/**
 * Writes a run as one line: `cs1.` + base64url of JSON + `.` + checksum. Together with the machine composed from
 * `config` it reproduces the run exactly.
 */
export function formatToken(machine: Machine, run: Pick<Token, 'config' | 'schedule' | 'hash' | 'loop'>): string {
  const { plugins: p, options: o } = identity(machine);
  const { config: c = null, schedule, hash: h, loop } = run;
  const l = loop && { s: formatSchedule(loop.schedule), p: loop.property, a: loop.agent, f: loop.fairness };
  const body = encode(JSON.stringify({ c, s: formatSchedule(schedule), h, p, o, l }, hexadecimal));
  return `${PREFIX}.${body}.${digest(body)}`;
}

/**
 * Reads a token.
 *
 * @throws CheckstopError TOKEN_SYNTAX (not a token, or of a format this version doesn't know), TOKEN_CHECKSUM (damaged)
 */
export function parseToken(text: string): Token {
  const [prefix, body, checksum, ...rest] = text.trim().split('.');
  if (prefix !== PREFIX || !body || !checksum || rest.length > 0)
    throw new CheckstopError(
      'TOKEN_SYNTAX',
      `This is no replay token of format '${PREFIX}': expected '${PREFIX}.<data>.<checksum>', all on one line.`,
    );
  if (digest(body) !== checksum)
    throw new CheckstopError('TOKEN_CHECKSUM', 'The replay token is damaged; copy the whole line.');
  try {
    const { c, s, h, p, o, l } = JSON.parse(decode(body));
    const schedule = parseSchedule(s);
    const loop = l === undefined ? undefined : parseLoop(l);
    const steps = scheduleLength(schedule) + scheduleLength(loop?.schedule ?? []);
    const isText = (value: unknown): value is string => typeof value === 'string';
    const isIdentity = Array.isArray(p) && p.every(isText) && isText(o) && DIGEST.test(o);
    if (steps > MAX_STEPS || !isIdentity || !isText(h) || !HASH.test(h)) throw new RangeError('out of range');
    const run = { config: c, schedule, hash: h, plugins: p, options: o };
    return loop ? { ...run, loop } : run;
  } catch (cause) {
    throw new CheckstopError('TOKEN_SYNTAX', 'What the replay token holds is no recorded run.', {}, { cause });
  }
}

function parseLoop({ s, p, a, f }: Record<string, unknown>): TokenLoop {
  const fairness = FAIRNESS.find((name) => name === f);
  const isAgent = typeof a === 'number' && Number.isInteger(a) && a >= 0;
  if (!fairness || !isAgent || typeof s !== 'string' || typeof p !== 'string') throw new RangeError('out of range');
  return { schedule: parseSchedule(s), property: p, agent: a, fairness };
}

/**
 * Makes sure that a token was recorded on a machine like this one.
 *
 * @throws CheckstopError TOKEN_OTHER_VERSIONS (other plugins, or other versions), TOKEN_OTHER_MACHINE (other options)
 */
export function checkToken(machine: Machine, token: Token): void {
  const here = identity(machine);
  if (here.plugins.join() !== token.plugins.join())
    throw new CheckstopError(
      'TOKEN_OTHER_VERSIONS',
      `The token was recorded with ${token.plugins.join(', ')}; this machine is made of ${here.plugins.join(', ')}. Install those versions to replay it.`,
      { recorded: token.plugins, here: here.plugins },
    );
  if (here.options !== token.options)
    throw new CheckstopError(
      'TOKEN_OTHER_MACHINE',
      'The token was recorded on a machine of the same plugins with other options; compose the machine from the configuration in the token.',
      { config: token.config },
    );
}

/** What a machine is made of: a token, or a saved search, is of no use on another. */
export type Identity = Pick<Token, 'plugins' | 'options'>;

export function identity(machine: Machine): Identity {
  return {
    plugins: machine.plugins.map(({ name, version }) => `${name}@${version}`),
    options: digest(
      JSON.stringify(
        machine.plugins.map(({ options }) => options),
        jsonable,
      ),
    ),
  };
}

/** Numbers of 64 bits in a configuration are written as in traces; whoever composes the machine knows which texts are numbers. */
export const hexadecimal = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value < 0n ? '-' : ''}0x${(value < 0n ? -value : value).toString(16)}` : value;

const jsonable = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

/** FNV-1a over UTF-16 units, 8 hexadecimal digits: against slips of copying, not against malice. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function encode(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function decode(text: string): string {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}
