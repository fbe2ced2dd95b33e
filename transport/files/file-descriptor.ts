/**
 * Descriptors as a connection: one for both directions, or one for each. After Twisted's FileDescriptor.
 *
 * It owns them: they are closed with the connection, and nobody else may read, write or close them meanwhile. What each
 * kind of file can do is Node's business (descriptor-streams.ts). A regular file that is read ends at its end.
 */
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Address } from '../address.ts';
import type { IConnection, IProtocol, QueueLimits } from '../contracts.ts';
import { LocalMisuseError, UnsupportedError } from '../errors.ts';
import { StreamPairTransport } from '../stream-pair.ts';
import { StreamTransport } from '../stream.ts';
import { kindOf, readStreamOf, writeStreamOf } from './descriptor-streams.ts';

/** One descriptor for both directions, or one for each; with one of these left out, there is no such direction. */
export type Descriptors = number | { readonly read?: number; readonly write?: number };

export interface FileDescriptorOptions extends QueueLimits {
  /** What `getPeer` answers. @default a pipe named after the numbers, such as "descriptor 3" */
  readonly peer?: Address;
  /** What `getHost` answers. @default the same */
  readonly host?: Address;
}

/**
 * Give the descriptors to `protocol`, or make them a connection that waits for one.
 * Throws the system's error for one that is not open, UnsupportedError for a directory or a disk, LocalMisuseError for
 * none at all.
 */
export function fromDescriptors(
  descriptors: Descriptors,
  protocol?: IProtocol,
  { peer, host, ...limits }: FileDescriptorOptions = {},
): IConnection {
  const named: Address = Object.freeze({ kind: 'pipe', name: nameOf(descriptors) });
  const settings = { ...limits, peer: peer ?? named, host: host ?? named };
  const transport = typeof descriptors === 'number' ? both(descriptors, settings) : pair(descriptors, settings);
  if (protocol) transport.start(protocol);
  return transport;
}

type Settings = QueueLimits & { readonly peer: Address; readonly host: Address };

/** A socket is one stream with two directions; anything else is two streams over the same number. */
function both(fd: number, settings: Settings): IConnection {
  const kind = kindOf(fd);
  if (kind === 'pipe') throw new UnsupportedError(`descriptor ${fd} is a pipe: give one descriptor for each direction`);
  if (kind !== 'socket') return pair({ read: fd, write: fd }, settings);
  const socket = new Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
  return new StreamTransport(socket, settings);
}

function pair({ read, write }: { readonly read?: number; readonly write?: number }, settings: Settings): IConnection {
  if (read === undefined && write === undefined) throw new LocalMisuseError('give a descriptor to read or to write');
  const shared = read === write;
  const readable = read === undefined ? undefined : readStreamOf(read, !shared);
  const writable = write === undefined ? undefined : writeStreamOf(write, true);
  return new StreamPairTransport({ readable, writable }, { ...settings, released: () => closeLeftOver([read, write]) });
}

/** libuv reopens terminals, and leaves the number that it was given to its owner: us. */
function closeLeftOver(descriptors: ReadonlyArray<number | undefined>): void {
  for (const fd of new Set(descriptors)) if (fd !== undefined && leftOver(fd)) closeSync(fd);
}

function leftOver(fd: number): boolean {
  try {
    return fd > 2 && kindOf(fd) === 'terminal';
  } catch {
    return false; // closed already, as it should be
  }
}

function nameOf(descriptors: Descriptors): string {
  if (typeof descriptors === 'number') return `descriptor ${descriptors}`;
  const { read, write } = descriptors;
  return `descriptors ${[read, write].map(fd => fd ?? 'none').join(' and ')}`;
}
