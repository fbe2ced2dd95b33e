/**
 * A file, or any Writable, as a connection that can only be written. After Twisted's FileWrapper, which swallows errors.
 *
 * What cannot be written ends the connection with reason `lost` and the system's error (ENOSPC, EIO …); a slow stream
 * pauses the producer; the close comes when everything is in the file. It never delivers anything, so its protocol
 * hears `makeConnection` and `connectionLost` only.
 */
import { createWriteStream, type PathLike } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { Address } from '../address.ts';
import type { IConnection, IProtocol, QueueLimits } from '../contracts.ts';
import { LocalMisuseError } from '../errors.ts';
import { StreamPairTransport } from '../stream-pair.ts';

export interface FileOptions extends QueueLimits {
  readonly path: string;
  /** What open(2) is told: `w` empties the file, `a` appends, `wx` and `ax` want it not to exist. @default 'wx' */
  readonly flags?: 'w' | 'wx' | 'a' | 'ax' | 'r+';
  /** Permissions of a new file, minus the umask. @default 0o600 */
  readonly mode?: number;
}

export interface WritableOptions extends QueueLimits {
  /** What `getPeer` answers. @default a pipe named "stream" */
  readonly peer?: Address;
}

const us: Address = Object.freeze({ kind: 'process', pid: process.pid });

/** Open a file to be written. Rejects with the system's error (`EEXIST`, `ENOENT`, `EACCES` …). */
export async function openFile(options: FileOptions, protocol?: IProtocol): Promise<IConnection> {
  const { path, flags = 'wx', mode = 0o600, ...limits } = options;
  const handle = await open(path, flags, mode);
  const nowhere: PathLike = '';
  const stream = createWriteStream(nowhere, { fd: handle });
  return fromWritable(stream, protocol, { ...limits, peer: Object.freeze({ kind: 'pipe', name: path }) });
}

/** Give `stream` to `protocol`, or make it a connection that waits for one. It owns the stream, and ends it. */
export function fromWritable(
  writable: Writable,
  protocol?: IProtocol,
  { peer = Object.freeze({ kind: 'pipe', name: 'stream' }), ...limits }: WritableOptions = {},
): IConnection {
  if (writable.writableObjectMode) throw new LocalMisuseError('a transport moves bytes, the stream takes objects');
  const transport = new StreamPairTransport({ writable }, { ...limits, peer, host: us });
  if (protocol) transport.start(protocol);
  return transport;
}
