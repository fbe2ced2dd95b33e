/** Our own client end, for tests: how it logs in to a server, and how it gets there. */
import { loadHostKey } from '../../keys/host-key.ts';
import type { ClientEnd, ClientEndOptions } from '../../ssh/test-ends.ts';
import { connectTcp } from '../../transport/sockets/tcp.ts';
import type { RunningServer } from './running-server.ts';

/** With its key, to the server that has this host key. */
export async function loginTo({ user, keyFile, hostKeyLine }: RunningServer): Promise<ClientEndOptions> {
  const key = await loadHostKey(keyFile); // a key file like any other
  const known = blobOf(hostKeyLine);
  return { user, keys: [{ ...key, blob: key.publicKey.blob }], verifyHostKey: ({ blob }) => blob.equals(known) };
}

/** The key in a line of a .pub file. */
export const blobOf = (line: string): Buffer => Buffer.from(line.split(' ')[1] ?? '', 'base64');

/** Logged in when it resolves; `await using`: dropped, and ended. */
export async function connectEnd({ host, port }: RunningServer, end: ClientEnd): Promise<AsyncDisposable> {
  await connectTcp({ host, port }, end.link);
  await end.ready;
  return {
    [Symbol.asyncDispose]: async () => {
      end.link.abort();
      await end.ended();
    },
  };
}
