/** Our server in this process, on a free port of 127.0.0.1, with keys of its own and a journal of what it reported. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadHostKey, type HostKey } from '../../keys/host-key.ts';
import type { ServerEvent } from '../../server/events.ts';
import { listen, type Server } from '../../server/listen.ts';
import type { ListenOptions } from '../../server/options.ts';
import type { Handler } from '../../server/session.ts';
import { closeAfterTest } from './cleanup.ts';
import { Journal } from './journal.ts';
import { makeTestKey, type TestKey } from './ssh-keys.ts';

export interface TestServer {
  readonly server: Server;
  readonly port: number;
  readonly events: Journal<ServerEvent>;
  /** The events of one kind so far. */
  readonly reported: <K extends ServerEvent['event']>(kind: K) => Array<Extract<ServerEvent, { event: K }>>;
  /** Resolves with the first event of this kind. */
  readonly report: <K extends ServerEvent['event']>(
    kind: K,
    deadline?: number,
  ) => Promise<Extract<ServerEvent, { event: K }>>;
}

/** May log in by default, as the user `user`. */
export const userKey = makeTestKey();

/** A host key as the server wants it, read through a file that is gone when this resolves. */
export async function hostKeyOf(key: TestKey): Promise<HostKey> {
  const directory = await mkdtemp(join(tmpdir(), 'nacre-server-'));
  try {
    const path = join(directory, 'host_key');
    await writeFile(path, key.text, { mode: 0o600 });
    return await loadHostKey(path);
  } finally {
    await rm(directory, { recursive: true });
  }
}

const hostKey = hostKeyOf(makeTestKey());

/** The server is aborted after the test, if it is still there. */
export async function startServer(
  options: Partial<ListenOptions> = {},
  handler: Handler = () => undefined,
): Promise<TestServer> {
  const events = new Journal<ServerEvent>();
  const server = await listen(
    {
      listen: [{ host: '127.0.0.1', port: 0 }],
      hostKeys: [await hostKey],
      authorize: (user, key) => user === 'user' && userKey.blob.equals(key.blob),
      onEvent: event => events.note(event),
      ...options,
    },
    handler,
  );
  closeAfterTest(() => server.abort());
  const reported: TestServer['reported'] = kind => events.entries.filter(entry => isOf(entry, kind));
  return {
    server,
    port: server.addresses[0]!.port,
    events,
    reported,
    report: async (kind, deadline) => {
      await events.until(() => reported(kind).length > 0, `the event ${kind}`, deadline);
      return reported(kind)[0]!;
    },
  };
}

const isOf = <K extends ServerEvent['event']>(
  event: ServerEvent,
  kind: K,
): event is Extract<ServerEvent, { event: K }> => event.event === kind;
