/**
 * Peers that have mlkem768x25519-sha256, against a server that has nothing else.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import { startLibraryServer } from './nacre-server.ts';
import { newer, newerProgram } from './newer-peers.ts';
import { newerDbclient, sshOptions } from './peers.ts';
import { run, type Outcome } from './run.ts';
import { startDeadline, type RunningServer } from './running-server.ts';

const openssh = newer('OpenSSH ≥ 10.1', 'ssh');

/** Every byte value, 1 MB of them. */
const everyByte = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7 + (index >> 8)) & 255));

describe('a strict server', () => {
  let server: RunningServer;
  let login: Login;
  beforeAll(async () => {
    server = await startLibraryServer({ algorithms: 'strict' });
    login = makeLogin(server);
  }, startDeadline);
  afterAll(async () => {
    login.remove();
    await server.close();
  });

  if (has(openssh)) {
    const ssh = (command: string, ...options: string[]): Promise<Outcome> => {
      // The first that is said of an option counts.
      const args = ['-o', 'LogLevel=INFO', ...options, ...sshOptions(login), login.host, command];
      return run({ file: newerProgram('ssh'), args }, { stdin: everyByte, home: login.home });
    };

    test('takes OpenSSH, which has nothing to warn of', async () => {
      const outcome = await ssh('cat');
      expect(outcome.stderr.toString()).toBe('');
      expect(outcome.stdout.equals(everyByte)).toBe(true);
      expect(outcome.code).toBe(0);
    });

    test('exchanges keys again with OpenSSH, in the middle of the data', async () => {
      const outcome = await ssh('cat; head -c 5000000 /dev/zero', '-o', 'RekeyLimit=256K', '-v');
      expect(outcome.stdout.length).toBe(6_000_000);
      const kex = outcome.stderr.toString().match(/kex: algorithm: \S+/g) ?? [];
      expect(new Set(kex)).toEqual(new Set(['kex: algorithm: mlkem768x25519-sha256']));
      expect(kex.length).toBeGreaterThan(3);
    });
  }

  if (has(newerDbclient)) {
    test('takes Dropbear’s client', async () => {
      newerDbclient.prepare?.(login);
      const outcome = await run(newerDbclient.exec(login, 'cat'), { stdin: everyByte, home: login.home });
      expect(outcome.stdout.equals(everyByte)).toBe(true);
      expect(outcome.code).toBe(0);
    });
  }
});
