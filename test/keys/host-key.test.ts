/** Host keys on disk, with the real ssh-keygen as the judge. */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createHostKey, loadHostKey, loadOrCreateHostKey } from '../../keys/host-key.ts';
import { message, string } from '../../ssh/wire.ts';
import { makeKey, publicBlob, sshKeygen, temporaryDirectory } from '../support/ssh-keygen.ts';

const directory = temporaryDirectory();
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const data = Buffer.from('exchange hash');

describe('host keys made by ssh-keygen', () => {
  const accepted: Array<[type: string, options: string[], algorithms: string[]]> = [
    ['ed25519', [], ['ssh-ed25519']],
    ['rsa', ['-b', '2048'], ['rsa-sha2-512', 'rsa-sha2-256']],
    ['ecdsa', ['-b', '256'], ['ecdsa-sha2-nistp256']],
    ['ecdsa', ['-b', '521'], ['ecdsa-sha2-nistp521']],
  ];
  for (const [type, options, algorithms] of accepted) {
    test(`${type} ${options.join(' ')} signs with ${algorithms.join(' and ')}, and its public key agrees`, async () => {
      const path = makeKey(directory, type, ...options);
      const key = await loadHostKey(path);
      expect(key.publicKey.blob).toEqual(publicBlob(path));
      expect(key.algorithms).toEqual(algorithms);
      for (const algorithm of algorithms) {
        const signature = message(string(algorithm), string(key.sign(data, algorithm)));
        expect(key.publicKey.verify(algorithm, data, signature)).toBe(true);
      }
    });
  }
  test('an algorithm that is not its own is our own mistake', async () => {
    const key = await loadHostKey(makeKey(directory, 'ed25519', '-C', 'misuse'));
    for (const algorithm of ['ssh-rsa', 'rsa-sha2-512', '']) {
      expect(() => key.sign(data, algorithm)).toThrow(expect.objectContaining({ code: 'ERR_LOCAL_MISUSE' }));
    }
  });
});

describe('files that are no host key: a ConfigError names the file and says what to do', () => {
  const put = (name: string, text: string, mode = 0o600): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const withMode = (mode: number): string => {
    const path = makeKey(directory, 'ed25519', '-C', `mode${mode}`);
    chmodSync(path, mode);
    return path;
  };
  const locked = (): string => {
    const path = join(directory, 'locked');
    sshKeygen(['-q', '-t', 'ed25519', '-N', 'secret', '-f', path]);
    return path;
  };
  /** One bit of the private half turned: the two halves no longer belong together. */
  const mismatched = (): string => {
    const source = makeKey(directory, 'ed25519', '-C', 'halves');
    const lines = readFileSync(source, 'utf8').trim().split('\n');
    const body = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    body[body.lastIndexOf(Buffer.from('halves')) - 4 - 60]! ^= 1;
    return put('mismatched', [lines[0], ...body.toString('base64').match(/.{1,70}/g)!, lines.at(-1), ''].join('\n'));
  };
  const refused: Array<[what: string, path: () => string, says: RegExp]> = [
    ['none', () => join(directory, 'none'), /no such file; to make one: nacre keygen -f .*none/],
    ['readable by the group', () => withMode(0o640), /others can read it \(mode 0640\).*chmod 600 /],
    ['readable by all', () => withMode(0o604), /others can read it \(mode 0604\)/],
    ['a directory', () => directory, /host key/],
    ['text', () => put('text', 'hello'), /not a private key/],
    ['huge', () => put('huge', 'x'.repeat(70_000)), /70000 bytes are not a private key/],
    ['DSA', () => makeKey(directory, 'dsa'), /'ssh-dss' are not accepted; to make another: nacre keygen/],
    ['RSA of 1024 bits', () => makeKey(directory, 'rsa', '-b', '1024'), /1024 bits is too short/],
    ['protected by a passphrase', locked, /passphrase.*ssh-keygen -p -f /],
    ['two halves that do not fit', mismatched, /does not fit/],
  ];
  for (const [what, path, says] of refused) {
    test(what, async () => {
      const file = path();
      const error: unknown = await loadHostKey(file).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'ERR_CONFIG', option: `host key ${file}` });
      expect(String(error)).toMatch(says);
      expect(String(error)).not.toContain(readFileSyncIfFile(file)?.split('\n')[2] ?? '\0');
    });
  }
  const readFileSyncIfFile = (path: string): string | undefined =>
    existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;
});

describe('making a host key', () => {
  test('the file is 0600, its directory 0700, nothing else is left behind, and ssh-keygen reads it', async () => {
    const path = join(directory, 'a', 'b', 'ssh_host_ed25519_key');
    const key = await createHostKey(path);
    expect([modeOf(path), modeOf(join(directory, 'a', 'b')), modeOf(join(directory, 'a'))]).toEqual([
      '600',
      '700',
      '700',
    ]);
    expect(readdirSync(join(directory, 'a', 'b')).sort()).toEqual(['ssh_host_ed25519_key', 'ssh_host_ed25519_key.pub']);
    expect(sshKeygen(['-y', '-f', path])).toBe(readFileSync(`${path}.pub`, 'utf8'));
    expect(sshKeygen(['-l', '-f', path]).split(' ')[1]).toBe(key.publicKey.fingerprint);
  });
  test('a file that is there is never replaced', async () => {
    const path = join(directory, 'precious');
    writeFileSync(path, 'precious', { mode: 0o600 });
    await expect(createHostKey(path)).rejects.toThrow(/there is a file already/);
    await expect(loadOrCreateHostKey(path)).rejects.toThrow(/not a private key/);
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });
  test('the second time it is the same key', async () => {
    const path = join(directory, 'again', 'key');
    const first = await loadOrCreateHostKey(path);
    expect((await loadOrCreateHostKey(path)).publicKey.fingerprint).toBe(first.publicKey.fingerprint);
  });
  test('two servers starting at once end up with one key', async () => {
    const path = join(directory, 'race', 'key');
    const made = await Promise.allSettled(Array.from({ length: 8 }, () => loadOrCreateHostKey(path)));
    const prints = made.map(result =>
      result.status === 'fulfilled' ? result.value.publicKey.fingerprint : String(result.reason),
    );
    expect(new Set(prints).size).toBe(1);
  });
  test('a directory that cannot be written is a ConfigError', async () => {
    await expect(createHostKey(join(makeKey(directory, 'ed25519', '-C', 'file'), 'key'))).rejects.toMatchObject({
      code: 'ERR_CONFIG',
    });
  });
});
