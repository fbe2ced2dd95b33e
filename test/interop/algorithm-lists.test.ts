/** Lists of algorithms of a server's own, as OpenSSH's client finds them: what is in them is used, and nothing else is there. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadHostKey } from '../../keys/host-key.ts';
import { servingAccount } from '../../server/account.ts';
import type { AlgorithmLists } from '../../server/algorithm-choice.ts';
import type { ServerEvent } from '../../server/events.ts';
import { listen } from '../../server/listen.ts';
import { runPrograms } from '../../server/run-programs.ts';
import { makeLogin } from './login.ts';
import { has } from './missing.ts';
import { peers, sshOptions } from './peers.ts';
import { run } from './run.ts';
import { makeKeyRing } from './running-server.ts';

const keys = makeKeyRing();
afterAll(() => keys.remove());

/** One command of a client that offers everything that it knows, or only what `options` say. */
async function outcomeOf(algorithms: AlgorithmLists, options: readonly string[] = []) {
  const events: ServerEvent[] = [];
  await using server = await listen(
    {
      listen: [{ host: '127.0.0.1', port: 0 }],
      hostKeys: [await loadHostKey(keys.hostKeyFile)],
      algorithms,
      authorize: () => true,
      onEvent: event => events.push(event),
    },
    runPrograms({ ...servingAccount(), home: keys.dir, shell: '/bin/sh' }),
  );
  const port = server.addresses[0]!.port;
  const login = makeLogin({ ...keys, host: '127.0.0.1', port, close: async () => undefined });
  try {
    const args = [...options.flatMap(option => ['-o', option]), ...sshOptions(login), login.host, 'echo hello'];
    const { code, stdout } = await run({ file: 'ssh', args }, { home: login.home });
    return { code, stdout: stdout.toString(), handshake: events.find(({ event }) => event === 'handshake') };
  } finally {
    login.remove();
  }
}

const openssh = peers.find(({ name }) => name === 'OpenSSH ssh')!;

if (has(openssh)) {
  describe('a server with', () => {
    const lists: Array<[lists: AlgorithmLists, agreed: object]> = [
      [{ kex: ['ecdh-sha2-nistp384'] }, { kex: 'ecdh-sha2-nistp384' }],
      [{ ciphers: ['aes128-ctr'], macs: ['hmac-sha2-256'] }, { cipher: 'aes128-ctr' }],
      [{ ciphers: ['chacha20-poly1305@openssh.com'] }, { cipher: 'chacha20-poly1305@openssh.com' }],
    ];
    for (const [algorithms, agreed] of lists) {
      test(`${JSON.stringify(algorithms)} uses that with ssh`, async () => {
        expect(await outcomeOf(algorithms)).toMatchObject({ code: 0, stdout: 'hello\n', handshake: agreed });
      });
    }

    const strangers: Array<[lists: AlgorithmLists, option: string]> = [
      [{ kex: ['ecdh-sha2-nistp384'] }, 'KexAlgorithms=curve25519-sha256'],
      [{ ciphers: ['aes256-ctr'] }, 'Ciphers=aes128-ctr'],
      [{ ciphers: ['aes256-ctr'], macs: ['hmac-sha2-256'] }, 'MACs=hmac-sha2-512'],
    ];
    for (const [algorithms, option] of strangers) {
      test(`${JSON.stringify(algorithms)} does not take ssh -o ${option}`, async () => {
        expect(await outcomeOf(algorithms, [option])).toEqual({ code: 255, stdout: '', handshake: undefined });
      });
    }
  });
}
