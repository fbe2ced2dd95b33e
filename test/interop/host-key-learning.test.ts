/** Our client learns the host keys of an OpenSSH server that has one of each type, each by its own proof. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { learnHostKeys } from '../../ssh/host-key-learning.ts';
import { ClientEnd } from '../../ssh/test-ends.ts';
import { numberOf } from '../ssh/messages.ts';
import { tapped } from '../support/tapped-link.ts';
import { verifySignature } from '../support/verify-signature.ts';
import { blobOf, connectEnd, loginTo } from './client-login.ts';
import { has } from './missing.ts';
import { startDeadline, type RunningServer } from './running-server.ts';
import { sshd, startSshd } from './sshd.ts';

/** Beside the ed25519 key of every server that tests start. */
const kinds = ['rsa', 'ecdsa'];

/** Where in the answer each key's signature has its last byte, when all three have proved themselves. */
function lastBytes(answer: Buffer): number[] {
  const ends: number[] = [];
  for (let at = 1; at < answer.length; ends.push(at - 1)) at += 4 + answer.readUInt32BE(at);
  return ends;
}

if (has(sshd)) {
  describe('a client of ours', () => {
    const dir = mkdtempSync(join(tmpdir(), 'nacre-host-keys-'));
    let server: RunningServer;
    let keys: Buffer[];

    beforeAll(async () => {
      const files = kinds.map(kind => join(dir, kind));
      for (const [index, kind] of kinds.entries())
        execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-f', files[index]!]);
      server = await startSshd(files.map(file => `HostKey ${file}`).join('\n'));
      keys = [...files.map(file => readFileSync(`${file}.pub`, 'utf8')), server.hostKeyLine].map(blobOf);
    }, startDeadline);
    afterAll(async () => {
      await server.close();
      await rm(dir, { recursive: true });
    });

    /** What it makes of the server's list, with `known` noted, when the answer has come through `changed`. */
    async function learned(known: readonly Buffer[], changed = (answer: Buffer): Buffer => answer): Promise<unknown> {
      const login = await loginTo(server);
      let end!: ClientEnd;
      const heard = new Promise<unknown>(resolve => {
        const globalRequests = learnHostKeys(() => end.connection, {
          get sessionId() {
            return end.handshake.sessionId;
          },
          isKnown: blob => known.some(key => key.equals(blob)),
          verify: verifySignature,
          hostKeysProven: resolve,
          failed: error => resolve(error.message),
        });
        const received = (payload: Buffer): Buffer =>
          numberOf(payload) === Message.REQUEST_SUCCESS ? changed(payload) : payload;
        end = new ClientEnd({ ...login, connection: { globalRequests }, wrap: link => tapped(link, { received }) });
      });
      await using _ = await connectEnd(server, end);
      return await heard;
    }

    test('has all of them, proved, from a server that it knows by one', async () => {
      const known = keys[2]!;
      expect(await learned([known])).toEqual(keys.map(blob => ({ blob, known: blob === known })));
    });

    test('has all of them, proved, when it has noted none', async () => {
      expect(await learned([])).toEqual(keys.map(blob => ({ blob, known: false })));
    });

    test.each([0, 1, 2])('learns nothing when the signature of key %d is not what the server made', async which => {
      const changed = (answer: Buffer): Buffer => {
        answer[lastBytes(answer)[which]!]! ^= 1;
        return answer;
      };
      expect(await learned([], changed)).toBe('peer broke OpenSSH PROTOCOL §2.5: a host key that did not prove itself');
    });
  });
}
