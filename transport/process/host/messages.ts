/**
 * What a server and its process host say about programs, on their control lanes.
 *
 * Structured clones (`node:v8`), so that maps stay maps. Both ends are this package in one version, on a socket that
 * nobody else has; a kind that this version does not know is refused all the same.
 */
import { deserialize, serialize } from 'node:v8';
import type { ExitStatus } from '../../close-reason.ts';
import type { TerminalSize } from '../../contracts.ts';
import { asError, RemoteProtocolError, type ErrorCode } from '../../errors.ts';
import type { Program } from '../program.ts';
import type { Terminal } from '../started-on-terminal.ts';

export type ToHost =
  | { readonly kind: 'start'; readonly program: Program; readonly terminal?: Terminal }
  | { readonly kind: 'signal'; readonly number: number }
  | { readonly kind: 'resize'; readonly size: TerminalSize }
  | { readonly kind: 'close-output' }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'abort' }
  /** The host is to say `pong`. */
  | { readonly kind: 'ping' };

export type FromHost =
  /** The host can start programs. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'started'; readonly pid: number; readonly tty?: string; readonly lanes: readonly number[] }
  | { readonly kind: 'refused'; readonly code?: ErrorCode; readonly message: string }
  | { readonly kind: 'input-lost' }
  | { readonly kind: 'exited'; readonly status: ExitStatus };

type Kinds<Message extends { readonly kind: string }> = ReadonlySet<Message['kind']>;

const toHost: Kinds<ToHost> = new Set<ToHost['kind']>([
  'start',
  'signal',
  'resize',
  'close-output',
  'hang-up',
  'abort',
  'ping',
]);
const fromHost: Kinds<FromHost> = new Set<FromHost['kind']>([
  'ready',
  'pong',
  'started',
  'refused',
  'input-lost',
  'exited',
]);

export const encodeMessage = (message: ToHost | FromHost): Uint8Array => serialize(message);

/** Throws RemoteProtocolError for anything else. */
export const decodeToHost = (bytes: Uint8Array): ToHost => decode(bytes, toHost);
export const decodeFromHost = (bytes: Uint8Array): FromHost => decode(bytes, fromHost);

function decode<Message extends { readonly kind: string }>(bytes: Uint8Array, kinds: Kinds<Message>): Message {
  const message = parse(bytes);
  if (isOneOf(message, kinds)) return message;
  throw new RemoteProtocolError('process host messages', 'a message of no kind that this version knows');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return deserialize(bytes);
  } catch (error) {
    throw new RemoteProtocolError('process host messages', asError(error).message, { cause: error });
  }
}

function isOneOf<Message extends { readonly kind: string }>(value: unknown, kinds: Kinds<Message>): value is Message {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const known: ReadonlySet<unknown> = kinds;
  return known.has(value.kind);
}
