/**
 * A child Node process as a connection on descriptor 3, beside its standard three. After Twisted's LocalWorkerTransport.
 *
 * The worker is a module that calls `parentConnection`. Both ends are one socket pair: EOF, back-pressure and closing
 * are the kernel's. An abort kills the worker; a worker that ends closes its connection, behind all that it wrote, and
 * `exited` tells how. Its standard input is empty, its output and errors are this process's; no terminal leaks into it.
 * Source: Node 20 documentation, "child_process".
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { Duplex } from 'node:stream';
import type { Address } from '../address.ts';
import type { ExitStatus } from '../close-reason.ts';
import type { IConnection, IProtocol, QueueLimits } from '../contracts.ts';
import { SpawnError } from '../errors.ts';
import { fromDescriptors } from '../files/file-descriptor.ts';
import { withMastersMasked } from '../process/master-masks.ts';
import { exitStatus } from '../process/signals.ts';
import { StreamTransport } from '../stream.ts';

/** What both sides agree on. */
const DESCRIPTOR = 3;

export interface WorkerOptions extends QueueLimits {
  /** Path of the module to run. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Arguments of Node itself. @default none */
  readonly nodeArgs?: readonly string[];
  /** The complete environment. @default this process's */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface IWorkerTransport extends IConnection {
  readonly pid: number;
  /** How the worker ended, once it has. */
  readonly exited: Promise<ExitStatus>;
}

/** Start a worker and give the connection to `protocol`, or make it one that waits. Throws SpawnError. */
export function spawnWorker(options: WorkerOptions, protocol?: IProtocol): IWorkerTransport {
  const { file, args = [], nodeArgs = [], environment = process.env, ...limits } = options;
  const child = withMastersMasked(['ignore', 'inherit', 'inherit', 'pipe'], stdio =>
    spawn(process.execPath, [...nodeArgs, file, ...args], { env: environment, stdio }),
  );
  child.on('error', () => undefined); // a failed start, which the missing pid tells; a failed kill, which is no matter
  const socket: unknown = child.stdio[DESCRIPTOR];
  if (child.pid === undefined || !(socket instanceof Duplex))
    throw new SpawnError('the system refused to start a worker');
  const transport = new WorkerTransport(child, child.pid, socket, limits);
  if (protocol) transport.start(protocol);
  return transport;
}

/** In a worker: the connection to whoever started it. */
export function parentConnection(protocol?: IProtocol, limits: QueueLimits = {}): IConnection {
  return fromDescriptors(DESCRIPTOR, protocol, {
    ...limits,
    peer: Object.freeze({ kind: 'process', pid: process.ppid }),
    host: Object.freeze({ kind: 'process', pid: process.pid }),
  });
}

class WorkerTransport extends StreamTransport implements IWorkerTransport {
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;

  constructor(child: ChildProcess, pid: number, socket: Duplex, limits: QueueLimits) {
    const peer: Address = Object.freeze({ kind: 'process', pid });
    const host: Address = Object.freeze({ kind: 'process', pid: process.pid });
    const drop = (): void => {
      child.kill('SIGKILL');
      socket.destroy();
    };
    super(socket, { ...limits, peer, host, drop });
    this.pid = pid;
    this.exited = new Promise(resolve =>
      child.on('exit', (code, signal) => resolve(exitStatus(code, signal === null ? 0 : constants.signals[signal]))),
    );
  }
}
