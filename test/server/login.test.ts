/** Login as a client sees it: methods, keys, who decides, and answers in order. RFC 4252. */
import { describe, expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { boolean, message, string, uint32, type Field } from '../../ssh/wire.ts';
import { userKey } from '../support/nacre-server.ts';
import { makeTestKey, type KeyKind, type TestKey } from '../support/ssh-keys.ts';
import { SshPeer, type SignedLogin } from '../support/ssh-peer.ts';
import { Journal } from '../support/journal.ts';
import { turns } from '../support/turns.ts';
import { atLogin, expectFailure, stranger } from './login-lab.ts';

describe('methods', () => {
  // method, what is behind it in the request
  const refused: Array<[method: string, fields: Field[], source: string]> = [
    ['none', [], 'RFC 4252 §5.2: it lists the methods'],
    ['password', [boolean(false), string('secret')], 'RFC 4252 §8'],
    ['password', [boolean(true), string('old'), string('new')], 'RFC 4252 §8, the change form'],
    ['keyboard-interactive', [string(''), string('')], 'RFC 4256 §3.1'],
    ['hostbased', [string('ssh-ed25519'), string(''), string('host'), string('me'), string('')], 'RFC 4252 §9'],
    ['gssapi-with-mic', [uint32(0)], 'RFC 4462 §3.2'],
    ['', [], 'a name that nobody has'],
    ['constructor', [], 'a name that every object has'],
  ];
  for (const [method, fields, source] of refused) {
    test(`'${method}' gets FAILURE with the methods that can continue, and the connection goes on (${source})`, async () => {
      const { peer } = await atLogin();
      peer.sendLogin('user', method, ...fields);
      await expectFailure(peer);
      peer.sendSigned('user', userKey);
      await peer.expect(Message.USERAUTH_SUCCESS);
    });
  }
});

describe('keys', () => {
  const kinds: Array<[kind: KeyKind, algorithm: string]> = [
    ['ed25519', 'ssh-ed25519'],
    ['rsa', 'rsa-sha2-256'],
    ['rsa', 'rsa-sha2-512'],
    ['ecdsa-256', 'ecdsa-sha2-nistp256'],
    ['ecdsa-384', 'ecdsa-sha2-nistp384'],
    ['ecdsa-521', 'ecdsa-sha2-nistp521'],
  ];
  const keys = new Map(kinds.map(([kind]) => [kind, makeTestKey(kind)]));

  for (const [kind, algorithm] of kinds) {
    test(`${kind} is asked about and logs in by ${algorithm}`, async () => {
      const key = keys.get(kind)!;
      const { peer, server } = await atLogin({ authorize: (_user, { blob }) => key.blob.equals(blob) });
      peer.sendQuery('user', key, algorithm);
      const answer = await peer.expect(Message.USERAUTH_PK_OK);
      expect([answer.text(), answer.string().equals(key.blob), answer.remaining]).toEqual([algorithm, true, 0]);
      peer.sendSigned('user', key, { algorithm });
      await peer.expect(Message.USERAUTH_SUCCESS);
      expect(await server.report('login-accepted')).toMatchObject({
        user: 'user',
        method: 'publickey',
        key: key.fingerprint,
      });
    });
  }

  // what is wrong with it, the request, the reason in the log
  const rsa = keys.get('rsa')!;
  const wrong: Array<[what: string, key: TestKey, login: SignedLogin | 'query', reason: RegExp]> = [
    ['a question about a key that is not authorized', stranger, 'query', /not authorized: SHA256:/],
    ['a login by a key that is not authorized', stranger, {}, /not authorized/],
    ['a signature by another key', userKey, { signer: stranger }, /signature is wrong/],
    ['a signature over another session', userKey, { sessionId: Buffer.alloc(32, 1) }, /signature is wrong/],
    ['an empty signature', userKey, { signature: Buffer.alloc(0) }, /signature is wrong/],
    [
      'a signature that is zeros',
      userKey,
      { signature: message(string('ssh-ed25519'), string(Buffer.alloc(64))) },
      /signature is wrong/,
    ],
    [
      'a signature that names another algorithm',
      rsa,
      { algorithm: 'rsa-sha2-512', signAs: 'rsa-sha2-256' },
      /signature is wrong/,
    ],
    ['rsa-sha2-256 on an ed25519 key', userKey, { algorithm: 'rsa-sha2-256' }, /rsa-sha2-256 does not fit the key/],
    ['ssh-ed25519 on an RSA key', rsa, { algorithm: 'ssh-ed25519' }, /does not fit the key/],
    ['ssh-rsa, which is SHA-1', rsa, { algorithm: 'ssh-rsa' }, /ssh-rsa does not fit the key/],
    ['an RSA key of 1024 bits', makeTestKey('rsa-1024'), {}, /1024 bits is too short/],
    ['a blob that is no key', { ...userKey, blob: Buffer.from('rubbish') }, {}, /damaged|not accepted/],
    [
      'a key type that nobody knows',
      { ...userKey, blob: message(string('ssh-dss'), string('x')) },
      {},
      /'ssh-dss' are not accepted/,
    ],
  ];
  for (const [what, key, login, reason] of wrong) {
    test(`${what} is refused, and the connection goes on`, async () => {
      const known = [userKey, rsa];
      const { peer, server } = await atLogin({ authorize: (_user, { blob }) => known.some(k => k.blob.equals(blob)) });
      if (login === 'query') peer.sendQuery('user', key);
      else peer.sendSigned('user', key, login);
      await expectFailure(peer);
      expect(await server.report('login-refused')).toMatchObject({
        user: 'user',
        method: 'publickey',
        reason: expect.stringMatching(reason),
      });
      peer.sendSigned('user', userKey);
      await peer.expect(Message.USERAUTH_SUCCESS);
    });
  }

  test('a signature made in one connection does not log in to another', async () => {
    const { peer, server } = await atLogin();
    const other = await SshPeer.connect(server.port);
    expect(other.sessionId.equals(peer.sessionId)).toBe(false);
    await other.requestService();
    other.sendSigned('user', userKey, { sessionId: peer.sessionId });
    await expectFailure(other);
  });

  test('the same key does not log in as somebody else', async () => {
    const { peer } = await atLogin();
    peer.sendSigned('root', userKey);
    await expectFailure(peer);
  });

  test('a key that was asked about has not proved anything: the next signature counts', async () => {
    const { peer } = await atLogin();
    peer.sendQuery('user', userKey);
    await peer.expect(Message.USERAUTH_PK_OK);
    peer.sendSigned('user', stranger);
    await expectFailure(peer);
  });
});

describe('who decides', () => {
  test('authorize is asked with the user and the key, by its fingerprint', async () => {
    const asked = new Journal<string>();
    const { peer } = await atLogin({
      authorize: (user, { fingerprint, type }) => {
        asked.note(`${user} ${type} ${fingerprint}`);
        return true;
      },
    });
    peer.sendQuery('märy', userKey);
    await peer.expect(Message.USERAUTH_PK_OK);
    expect(asked.entries).toEqual([`märy ssh-ed25519 ${userKey.fingerprint}`]);
  });

  const failing: Array<[how: string, authorize: () => boolean | Promise<boolean>]> = [
    [
      'throws',
      () => {
        throw new Error('the disk is gone');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the disk is gone'))],
  ];
  for (const [how, authorize] of failing) {
    test(`an authorize that ${how} is a refusal and an event; the client learns nothing`, async () => {
      const { peer, server } = await atLogin({ authorize });
      peer.sendSigned('user', userKey);
      await expectFailure(peer);
      expect(await server.report('login-error')).toMatchObject({ level: 'error', error: 'the disk is gone' });
    });
  }

  test('only true is yes', async () => {
    const { peer } = await atLogin({ authorize: () => 'yes' as unknown as boolean });
    peer.sendSigned('user', userKey);
    await expectFailure(peer);
  });

  test('requests that come while one is looked at wait, and are answered in order', async () => {
    const gate = new Journal<string>();
    let open: (answer: boolean) => void = () => undefined;
    const authorize = () =>
      new Promise<boolean>(resolve => {
        open = resolve;
        gate.note('asked');
      });
    const { peer } = await atLogin({ authorize });
    const third = makeTestKey();
    peer.sendQuery('user', userKey);
    peer.sendQuery('user', stranger);
    peer.sendQuery('user', third);
    peer.sendLogin('user', 'none');
    for (const [index, key] of [userKey, stranger, third].entries()) {
      await gate.until(() => gate.entries.length > index, 'the question');
      await turns(20);
      expect(gate.entries).toHaveLength(index + 1);
      open(true);
      const answer = await peer.expect(Message.USERAUTH_PK_OK);
      answer.string();
      expect(answer.string().equals(key.blob)).toBe(true);
    }
    await expectFailure(peer);
  });

  // a client may go on to another method without waiting (RFC 4252 §5): what is under way decides for itself alone
  const changes: Array<[method: string, send: (peer: SshPeer) => void]> = [
    ['none', peer => peer.sendLogin('user', 'none')],
    ['password', peer => peer.sendLogin('user', 'password', boolean(false), string('x'))],
    ['keyboard-interactive', peer => peer.sendLogin('user', 'keyboard-interactive', string(''), string(''))],
    ['hostbased', peer => peer.sendLogin('user', 'hostbased', string('x'))],
    ['a signature by a stranger', peer => peer.sendSigned('user', stranger)],
  ];
  for (const [method, send] of changes) {
    test(`a change to ${method} while a key is looked at is answered behind it, no, and logs nobody in`, async () => {
      const gate = new Journal<string>();
      let open: (answer: boolean) => void = () => undefined;
      const { peer, server } = await atLogin({
        authorize: (_user, { fingerprint }) => {
          gate.note(fingerprint);
          return fingerprint === userKey.fingerprint && new Promise<boolean>(resolve => (open = resolve));
        },
      });
      peer.sendQuery('user', userKey);
      send(peer);
      await gate.until(() => gate.entries.length > 0, 'the question');
      await turns(20);
      open(true);
      await peer.expect(Message.USERAUTH_PK_OK);
      await expectFailure(peer);
      expect(server.reported('login-accepted')).toEqual([]);
      peer.sendSigned('user', userKey);
      await gate.until(() => gate.entries.at(-1) === userKey.fingerprint && gate.entries.length > 1, 'the signed key');
      open(true);
      await peer.expect(Message.USERAUTH_SUCCESS);
    });
  }

  test('a client that vanishes during a slow authorize is nobody: no login, no session, one closing event', async () => {
    const gate = new Journal<string>();
    let answer: (yes: boolean) => void = () => undefined;
    const { peer, server } = await atLogin({
      authorize: () =>
        new Promise(resolve => {
          answer = resolve;
          gate.note('asked');
        }),
    });
    peer.sendSigned('user', userKey);
    await gate.until(() => gate.entries.length === 1, 'the question');
    peer.socket.destroy();
    await server.report('connection-closed');
    answer(true);
    await turns(20);
    expect(server.events.entries.map(({ event }) => event)).toEqual([
      'listening',
      'connection-opened',
      'handshake',
      'connection-closed',
    ]);
    expect(server.server.connections).toBe(0);
  });
});
