/**
 * A client and a server of ours joined in memory, logged in: what tests of everything above packets can stand on.
 *
 * Both exchange keys and seal packets as over a network (test-ends.ts). Nothing here listens anywhere.
 */
import type { IProtocol } from '../transport/contracts.ts';
import { join, loopback } from '../transport/memory/loopback.ts';
import type { HandshakeKey } from './packets.ts';
import {
  ClientEnd,
  newHostKey,
  ServerEnd,
  type ClientEndOptions,
  type EndOptions,
  type ServerEndOptions,
  type SshEnd,
} from './test-ends.ts';

/** Gives both protocols their transports. */
export type Join = (client: IProtocol, server: IProtocol) => void;

export interface SshPairOptions {
  /** For both ends, where an end has nothing of its own. */
  readonly both?: EndOptions;
  readonly client?: ClientEndOptions;
  readonly server?: ServerEndOptions;
  /** What carries the bytes: `delayed`, or a `loopbackRelay` that the test pumps. @default loopback */
  readonly join?: Join;
}

/** `await using`: both ends are dropped, and have ended. */
export interface SshPair extends AsyncDisposable {
  readonly client: SshEnd;
  readonly server: SshEnd;
}

/** Resolves when both are logged in. Rejects with ConnectionLostError when they do not get so far. */
export async function sshPair({
  both,
  client,
  server,
  join: joined = loopback,
}: SshPairOptions = {}): Promise<SshPair> {
  const hostKeys = server?.hostKeys ?? [newHostKey()];
  const ends = {
    server: new ServerEnd({ ...both, ...server, hostKeys }),
    client: new ClientEnd({ verifyHostKey: ({ blob }) => isOneOf(hostKeys, blob), ...both, ...client }),
  };
  const dispose = async (): Promise<void> => {
    for (const { link } of [ends.client, ends.server]) link.abort();
    await Promise.all([ends.client.ended(), ends.server.ended()]);
  };
  joined(ends.client.link, ends.server.link);
  try {
    await Promise.all([ends.client.ready, ends.server.ready]);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { ...ends, [Symbol.asyncDispose]: dispose };
}

/** A line on which each delivery takes so many turns of the event loop, 1 or more, as `turns` says. */
export const delayed =
  (turns: () => number): Join =>
  (client, server) => {
    const after = (count: number, deliver: () => void): unknown =>
      setImmediate(() => (count > 1 ? after(count - 1, deliver) : deliver()));
    join(client, server, {}, deliver => after(turns(), deliver));
  };

const isOneOf = (keys: readonly HandshakeKey[], blob: Buffer): boolean => keys.some(key => blob.equals(key.blob));
