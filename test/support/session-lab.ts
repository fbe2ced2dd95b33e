/** One logged-in client with one open session channel, and the sessions that the server's handler was given. */
import type { ListenOptions } from '../../server/options.ts';
import type { Handler, Session } from '../../server/session.ts';
import { string, uint32, type Field } from '../../ssh/wire.ts';
import { Journal } from './journal.ts';
import { startServer, userKey, type TestServer } from './nacre-server.ts';
import type { PeerChannel, PeerChannelOptions } from './peer-channel.ts';
import { SshPeer } from './ssh-peer.ts';

export interface SessionLab extends TestServer {
  readonly peer: SshPeer;
  readonly channel: PeerChannel;
  /** Sessions that were started, in order. */
  readonly started: Journal<Session>;
  /** The first of them, once there is one. */
  readonly session: () => Promise<Session>;
}

export interface LabOptions {
  readonly server?: Partial<ListenOptions>;
  readonly channel?: PeerChannelOptions;
}

/** A handler whose sessions go on until somebody ends them. */
export const stay: Handler = () => new Promise(() => undefined);

export async function openLab(
  handler: Handler = stay,
  { server: options, channel: size }: LabOptions = {},
): Promise<SessionLab> {
  const started = new Journal<Session>();
  const server = await startServer(options, session => {
    started.note(session);
    return handler(session);
  });
  const peer = await SshPeer.login(server.port, userKey);
  const channel = await peer.openSession(size);
  const session = async (): Promise<Session> => {
    await started.until(() => started.entries.length > 0, 'a session to start');
    return started.entries[0]!;
  };
  return { ...server, peer, channel, started, session };
}

/** What is behind `pty-req`: RFC 4254 §6.2. */
export const ptyFields = (term = 'xterm', size = [80, 24, 640, 480], modes: Uint8Array = Buffer.of(0)): Field[] => [
  string(term),
  ...size.map(uint32),
  string(modes),
];
