/**
 * HAProxy before nacre, with both versions of the PROXY protocol and its health checks: OpenSSH's client goes through
 * it, and everything here sees the client.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadHostKey } from '../../keys/host-key.ts';
import { servingAccount } from '../../server/account.ts';
import { runPrograms } from '../../server/run-programs.ts';
import type { ListenOptions } from '../../server/options.ts';
import { startServer, type TestServer } from '../support/nacre-server.ts';
import { haproxy, startHaproxy } from './haproxy.ts';
import { makeLogin } from './login.ts';
import { has } from './missing.ts';
import { peers, sshOptions } from './peers.ts';
import { run, type Outcome } from './run.ts';
import { makeKeyRing, type KeyRing } from './running-server.ts';

let keys: KeyRing;
beforeAll(() => void (keys = makeKeyRing()));
afterAll(() => keys.remove());

/** Behind a proxy on 127.0.0.1 and nothing else; the least misdeed of a source is one too many. */
const start = async (options: Partial<ListenOptions> = {}): Promise<TestServer> =>
  startServer(
    {
      hostKeys: [await loadHostKey(keys.hostKeyFile)],
      authorize: () => true,
      proxyProtocol: { mode: 'required', trusted: ['127.0.0.1/32'] },
      admission: { penalties: { min: 0 } },
      ...options,
    },
    runPrograms({ ...servingAccount(), home: keys.dir, shell: '/bin/sh' }),
  );

/** From another address of the loopback network than that of the proxy. */
async function ssh(port: number, command: string, stdin: Uint8Array = Buffer.alloc(0)): Promise<Outcome> {
  const login = makeLogin({ ...keys, host: '127.0.0.1', port, close: async () => undefined });
  const args = ['-b', '127.0.0.2', ...sshOptions(login), login.host, command];
  try {
    return await run({ file: 'ssh', args }, { stdin, home: login.home });
  } finally {
    login.remove();
  }
}

const data = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7 + (index >> 8)) & 255));

const openssh = peers.filter(({ name }) => name === 'OpenSSH ssh');
if ([haproxy, ...openssh].every(has)) {
  const versions = [
    ['version 1', 'send-proxy'],
    ['version 2', 'send-proxy-v2'],
    ['version 2 with a checksum', 'send-proxy-v2 proxy-v2-options crc32c'],
  ] as const;

  describe.each(versions)('HAProxy with %s', (_name, settings) => {
    test('the log names the client and the proxy, and so does the program’s environment', async () => {
      const { port, report } = await start();
      const outcome = await ssh(await startHaproxy(port, settings), 'echo $SSH_CONNECTION');
      expect(outcome.stderr.toString()).toBe('');
      const { peer, proxy } = await report('connection-opened');
      expect(peer).toMatch(/^127\.0\.0\.2:\d+$/);
      expect(proxy).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(outcome.stdout.toString()).toContain(peer.replace(':', ' '));
    });

    test('a megabyte goes through both ways, exact', async () => {
      const { port } = await start();
      const outcome = await ssh(await startHaproxy(port, settings), 'cat', data);
      expect(outcome.stdout.equals(data)).toBe(true);
      expect(outcome.code).toBe(0);
    });

    test('its health checks are answered, however many they are, and disturb nobody', async () => {
      const { port, events, reported } = await start({
        admission: { penalties: { min: 0 }, source: { maxStartups: 5 } },
      });
      const before = await startHaproxy(port, `${settings} check check-send-proxy inter 50 fall 3`);
      const checks = () => reported('connection-closed').filter(({ peer }) => peer.startsWith('127.0.0.1:')).length;
      await events.until(() => checks() >= 10, 'ten health checks', 45_000);
      // A server that had failed three in a row would get no client.
      expect((await ssh(before, 'echo in')).stdout.toString()).toBe('in\n');
      expect(events.entries.filter(({ level }) => level !== 'info')).toEqual([]);
    });
  });

  test('without its header nobody gets in through it, and the log says what is missing', async () => {
    const { port, report } = await start();
    expect((await ssh(await startHaproxy(port, ''), 'echo in')).code).toBe(255);
    expect(await report('connection-refused')).toMatchObject({ reason: 'proxy-header' });
  });
}
