/** What a telnet connection can be told, and the one place of its defaults. Nothing is agreed to unless it stands here. */
import type { QueueLimits, TerminalSize } from '../contracts.ts';
import { ConfigError } from '../errors.ts';
import { TelnetOption } from './codes.ts';
import { isOption } from './negotiation.ts';
import type { LineEnds } from './parser.ts';

export interface TelnetOptions extends QueueLimits {
  /** Options that the peer may have us perform (its DO is answered by WILL). @default none */
  readonly local?: readonly number[];
  /** Options that the peer may perform (its WILL is answered by DO). @default none */
  readonly remote?: readonly number[];
  /**
   * How lines end for the protocol, where BINARY is off. `lf`: CR LF is received as LF, and LF sent as CR LF. `crlf`:
   * the protocol sees and writes CR LF itself, as programs on a terminal do. In both, CR alone travels as CR NUL. `exact`:
   * CR is like any other byte, against RFC 854; for peers that are no network virtual terminals. @default 'lf'
   */
  readonly lineEnds?: LineEnds;
  /** Size of our terminal: told when the peer asks for NAWS, which is thereby allowed at our side. @default not told */
  readonly size?: TerminalSize;
  /** Names of our terminal, best first, of printable ASCII: allows TERMINAL_TYPE at our side. @default none */
  readonly terminalTypes?: readonly string[];
  /** Variables that the peer may know: allows NEW_ENVIRON at our side. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Mode of line editing to ask of a peer that performs LINEMODE (RFC 1184 §2.2), 0 to 3. @default not asked */
  readonly lineMode?: number;
  /** How long an answer to WILL, WONT, DO or DONT is waited for, in milliseconds; 0 for as long as it takes. @default 10_000 */
  readonly answerTime?: number;
  /** Longest sub-negotiation that is kept; a longer one is left out. @default 8_192 */
  readonly maxSubnegotiationBytes?: number;
}

export interface TelnetSettings {
  readonly local: ReadonlySet<number>;
  readonly remote: ReadonlySet<number>;
  readonly lineEnds: LineEnds;
  readonly size: TerminalSize | undefined;
  readonly terminalTypes: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly lineMode: number | undefined;
  readonly answerTime: number;
  readonly maxSubnegotiationBytes: number;
  readonly limits: QueueLimits;
}

const isWhole = (value: number, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isInteger(value) && value >= 0 && value <= most;

type Rule = readonly [name: keyof TelnetOptions, isRight: (options: TelnetOptions) => boolean, should: string];

/** Every option, and what is right for it. */
const rules: readonly Rule[] = [
  ['local', ({ local = [] }) => local.every(isOption), 'must be numbers from 0 to 255'],
  ['remote', ({ remote = [] }) => remote.every(isOption), 'must be numbers from 0 to 255'],
  ['lineEnds', ({ lineEnds = 'lf' }) => ['lf', 'crlf', 'exact'].includes(lineEnds), "must be 'lf', 'crlf' or 'exact'"],
  [
    'size',
    ({ size }) => !size || [size.columns, size.rows].every(cells => isWhole(cells, 65_535)),
    'must be columns and rows from 0 to 65535',
  ],
  [
    'terminalTypes',
    ({ terminalTypes = [] }) => terminalTypes.every(name => /^[\x21-\x7e]{1,40}$/.test(name)),
    'must be names of 1 to 40 characters of printable ASCII (RFC 1091)',
  ],
  [
    'environment',
    ({ environment = {} }) => Object.values(environment).every(value => typeof value === 'string'),
    'must be texts by name',
  ],
  ['lineMode', ({ lineMode = 0 }) => isWhole(lineMode, 3), 'must be a mask from 0 to 3'],
  ['answerTime', ({ answerTime = 0 }) => isWhole(answerTime, 2 ** 31 - 1), 'must be a whole number of milliseconds'],
  ['maxSubnegotiationBytes', ({ maxSubnegotiationBytes: max = 0 }) => isWhole(max), 'must be a whole number of bytes'],
  ['highWaterMark', ({ highWaterMark = 0 }) => isWhole(highWaterMark), 'must be a whole number of bytes'],
  ['lowWaterMark', ({ lowWaterMark = 0 }) => isWhole(lowWaterMark), 'must be a whole number of bytes'],
  ['maxQueueBytes', ({ maxQueueBytes = 0 }) => isWhole(maxQueueBytes), 'must be a whole number of bytes'],
];

function check(options: TelnetOptions): void {
  const unknown = Object.keys(options).find(name => !rules.some(([known]) => known === name));
  if (unknown !== undefined) throw new ConfigError(unknown, 'is not an option of telnet');
  for (const [name, isRight, should] of rules) if (!isRight(options)) throw new ConfigError(name, should);
}

/** Fill in defaults and check; throws ConfigError. */
export function resolveTelnetOptions(options: TelnetOptions): TelnetSettings {
  check(options);
  const {
    local = [],
    remote = [],
    lineEnds = 'lf',
    size,
    terminalTypes = [],
    environment,
    lineMode,
    ...rest
  } = options;
  const { answerTime = 10_000, maxSubnegotiationBytes = 8_192, ...limits } = rest;
  const implied = [
    ...(size ? [TelnetOption.NAWS] : []),
    ...(terminalTypes.length > 0 ? [TelnetOption.TERMINAL_TYPE] : []),
    ...(environment ? [TelnetOption.NEW_ENVIRON] : []),
  ];
  return Object.freeze({
    local: new Set([...local, ...implied]),
    remote: new Set(remote),
    lineEnds,
    size,
    terminalTypes,
    environment: environment ?? {},
    lineMode,
    answerTime,
    maxSubnegotiationBytes,
    limits,
  });
}
