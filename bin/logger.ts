/**
 * One line for each event: JSON for machines, or short text for a person. Everything a peer can put in is escaped.
 *
 * The line is written before `log` returns. Field names are the events' own; in JSON `event`, `level` and `time`
 * (ISO 8601, UTC) are always there.
 */
import { pino } from 'pino';
import { prettyFactory, type PrettyOptions } from 'pino-pretty';
import type { ServerEvent } from '../server/index.ts';
import { escapeJsonLine, escapeText } from '../transport/escape.ts';
import type { Io } from './io.ts';

export const logFormats = ['pretty', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** What the command itself reports, besides the server. */
export type CommandEvent =
  | {
      readonly event: 'authorized-keys-refused';
      readonly level: 'warn';
      readonly file: string;
      readonly reason: string;
    }
  | {
      readonly event: 'authorized-keys-line-refused';
      readonly level: 'warn';
      readonly file: string;
      /** Counts from 1. */
      readonly line: number;
      readonly reason: string;
    }
  | {
      /** Somebody asked to log in whom the rules of `accounts: system` keep out. */
      readonly event: 'account-refused';
      readonly level: 'warn';
      readonly user: string;
      readonly reason: string;
    }
  | {
      /** This process starts all programs, by the addon of native/, which has been built: there is no process host. */
      readonly event: 'native-programs';
      readonly level: 'info';
    }
  | {
      readonly event: 'draining';
      readonly level: 'info';
      readonly sessions: number;
      readonly drainTimeMs: number;
      readonly hint: string;
    }
  | { readonly event: 'stopped'; readonly level: 'info' };

export type Log = (event: ServerEvent | CommandEvent) => void;

/** A log in `format` to `io.out`. */
export function openLog(format: LogFormat, io: Io): Log {
  const print = formats[format](io);
  const logger = pino(pinoOptions, { write: line => void io.out.write(print(line)) });
  return ({ level, ...fields }) => logger[level](fields);
}

const pinoOptions = {
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level: string) => ({ level }) },
};

const formats: Record<LogFormat, (io: Io) => (line: string) => string> = {
  json: () => line => `${escapeJsonLine(line.trimEnd())}\n`,
  pretty: ({ colors }) => {
    const prettify = prettyFactory({ ...prettyOptions, colorize: colors });
    return line => `${prettify(line).trimEnd()}\n`;
  },
};

/** Only what `messageFormat` lets through is printed. */
const prettyOptions: PrettyOptions = {
  hideObject: true,
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss',
  messageFormat: ({ event, level: _level, time: _time, ...fields }) =>
    [show(event), ...Object.entries(fields).map(field)].join('  '),
};

const field = ([name, value]: [string, unknown]): string => `${show(name)}=${show(value)}`;

/** As it is if it is one plain word; in quotation marks otherwise. */
function show(value: unknown): string {
  const text = escapeText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return /[\s"=]/.test(text) || text === '' ? `"${text.replaceAll('"', '\\"')}"` : text;
}
