/** What the examples of terminal apps share: serve one over SSH to whoever has the key, and print the port. */
import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { loadHostKey } from 'nacre/keys';
import { listen, terminalApp, type Session } from 'nacre/server';
import type { ITerminalProtocol } from 'nacre/terminal';

export async function serve(program: (session: Session) => ITerminalProtocol): Promise<void> {
  const [, , hostKeyFile = '', authorizedKeyFile = ''] = argv;
  const authorized = Buffer.from((await readFile(authorizedKeyFile, 'utf8')).split(' ')[1] ?? '', 'base64');
  const server = await listen(
    {
      listen: [{ host: '127.0.0.1', port: 0 }],
      hostKeys: [await loadHostKey(hostKeyFile)],
      authorize: (_user, key) => authorized.equals(key.blob),
    },
    terminalApp(program),
  );
  console.log(`listening on port ${server.addresses[0]?.port}`);
}
