/**
 * From options to a server that runs until a signal: the one place where the command calls the server.
 *
 * The first SIGINT or SIGTERM drains: no new connections, running sessions may end. The next ends everything at once.
 * A signal that repeats within half a second is one and the same: npm passes on a Ctrl-C that the terminal gave us too.
 */
import { EventEmitter, once } from 'node:events';
import { listen, runPrograms, type ListenOptions, type Server } from '../server/index.ts';
import { directPrograms, hasNativePrograms, startProcessHost, type ProcessHost } from '../transport/index.ts';
import { takeShortSlices } from '../transport/short-slice.ts';
import type { OpenAccounts } from './accounts.ts';
import { durationText } from './duration.ts';
import type { Io } from './io.ts';
import { listenAddressText } from './listen-address.ts';
import type { Log } from './logger.ts';
import type { Settings } from './settings.ts';
import { errorCode } from '../keys/error-code.ts';

export interface RunOptions {
  readonly listen: Omit<ListenOptions, 'onEvent' | 'authorize'>;
  readonly accounts: OpenAccounts;
  /** How long sessions may go on after the first signal, in milliseconds. */
  readonly drainTime: number;
  readonly log: Log;
  /** Which process starts the programs where the addon is not built: a small one beside this, or this one. */
  readonly programs: Settings['programs'];
  /** Called once all addresses are open. */
  readonly ready?: (server: Server) => Promise<void>;
}

/** In milliseconds. */
const sameKeypress = 500;

/** Serve the person's own shells and commands. Resolves when a signal has ended it; rejects if it cannot listen. */
export async function runServer(options: RunOptions, io: Io): Promise<void> {
  const listening = new EventEmitter();
  const isNative = hasNativePrograms();
  const needsHost = options.programs === 'host' && !isNative;
  await using host = needsHost ? await openHost(options.log, once(listening, 'open')) : undefined;
  const programs = host ?? directPrograms;
  const { accounts, greeting } = options.accounts(programs);
  const handler = runPrograms(accounts.accountOf, programs, greeting ? { greeting } : {});
  const { authorize } = accounts;
  const server = await listen({ ...options.listen, authorize, onEvent: options.log }, handler).catch(explain);
  listening.emit('open');
  takeShortSlices();
  if (isNative) options.log({ event: 'native-programs', level: 'info' });
  const stopped = untilStopped(server, options, io);
  await options.ready?.(server);
  await stopped;
  options.log({ event: 'stopped', level: 'info' });
}

/** The first lines of the log are where the server listens, so what the host reports before waits for that. */
const openHost = (log: Log, listening: Promise<unknown>): Promise<ProcessHost> =>
  startProcessHost({ onEvent: event => void listening.then(() => log(event)) });

function untilStopped(server: Server, { drainTime, log }: RunOptions, io: Io): Promise<void> {
  return new Promise((resolve, reject) => {
    let first: number | undefined;
    const stop = io.onSignal(() => {
      if (first !== undefined) return io.now() - first > sameKeypress ? server.abort() : undefined;
      first = io.now();
      reportDrain(server, drainTime, log);
      void server.close(drainTime).then(resolve, reject).finally(stop);
    });
  });
}

function reportDrain({ sessions }: Server, drainTimeMs: number, log: Log): void {
  const waiting = `waiting up to ${durationText(drainTimeMs)} for sessions to end; Ctrl-C again ends them now`;
  log({ event: 'draining', level: 'info', sessions, drainTimeMs, hint: sessions > 0 ? waiting : 'no sessions' });
}

/** What the system says about an address, with what to do. */
const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another program; choose another port with --listen or --port, or stop that program',
  EACCES: 'is not allowed to this user: ports below 1024 usually need root; choose a higher one',
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is a name that cannot be resolved',
};

function explain(error: unknown): never {
  const says = advice[errorCode(error) ?? ''];
  if (says === undefined || !(typeof error === 'object' && error !== null)) throw error;
  const host = 'address' in error ? error.address : 'hostname' in error ? error.hostname : undefined;
  const port = 'port' in error && typeof error.port === 'number' ? error.port : 0;
  throw new Error(`${typeof host === 'string' ? listenAddressText({ host, port }) : 'the address'} ${says}`, {
    cause: error,
  });
}
