/** Login as a client sees it: RFC 4252, its answers in order, and what ends a connection. */
import { describe, expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, message, string, uint32, type Field } from '../../ssh/wire.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import { makeTestKey, type KeyKind, type TestKey } from '../support/ssh-keys.ts';
import { SshPeer, type SignedLogin } from '../support/ssh-peer.ts';
import { Journal } from '../support/journal.ts';
import { turns } from '../support/turns.ts';

const stranger = makeTestKey();

/** A connection that has asked for the login service and got it. */
async function atLogin(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  const peer = await SshPeer.connect(server.port);
  await peer.requestService();
  return { server, peer };
}

/** RFC 4252 §5.1: `publickey` can continue, and nothing has partly succeeded. */
async function expectFailure(peer: SshPeer): Promise<void> {
  const reader = await peer.expect(Message.USERAUTH_FAILURE);
  expect(reader.nameList()).toEqual(['publickey']);
  expect(reader.boolean()).toBe(false);
  expect(reader.remaining).toBe(0);
}

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

describe('what ends the connection, with the section that was broken', () => {
  const PROTOCOL_ERROR = 2;
  type Breach = [what: string, text: RegExp, send: (peer: SshPeer) => void];
  const authMessage = (number: number): Breach => [
    `message ${number} from a client`,
    /RFC 4252 §6.*message/,
    peer => peer.send(byte(number), string('publickey'), boolean(false)),
  ];
  const password = (peer: SshPeer, user: string): void => peer.sendLogin(user, 'password', boolean(false), string('x'));
  const userChanges: Array<[what: string, send: (peer: SshPeer) => void]> = [
    ['after none', peer => [peer.sendLogin('user', 'none'), peer.sendLogin('root', 'none')]],
    ['after a key that is refused', peer => [peer.sendSigned('user', stranger), peer.sendLogin('root', 'none')]],
    ['after a key that may log in', peer => [peer.sendQuery('user', userKey), peer.sendSigned('root', userKey)]],
    ['after a password', peer => [password(peer, 'user'), password(peer, 'root')]],
    ['that is longer', peer => [peer.sendQuery('user', userKey), peer.sendSigned('user\0', userKey)]],
  ];
  const breaches: Breach[] = [
    // whatever the first name has come to, and however the second one asks
    ...userChanges.map(([what, send]): Breach => [`another user name ${what}`, /RFC 4252 §5.*user name changed/, send]),
    [
      'a login for another service',
      /RFC 4252 §5.*ssh-else/,
      peer => peer.send(byte(50), string('user'), string('ssh-else'), string('none')),
    ],
    ['a request cut short', /RFC 4251 §5.*too early/, peer => peer.send(byte(50), string('user'), uint32(99))],
    [
      'bytes behind a signature',
      /RFC 4251 §5.*too many/,
      peer =>
        peer.sendLogin(
          'user',
          'publickey',
          boolean(true),
          string('ssh-ed25519'),
          string(userKey.blob),
          string('sig'),
          byte(0),
        ),
    ],
    authMessage(51),
    authMessage(52),
    authMessage(60),
    authMessage(61),
    ['message 53, a banner', /RFC 4252 §6/, peer => peer.send(byte(53), string('hello'), string(''))],
    [
      'a global request before login',
      /RFC 4252 §6.*message 80/,
      peer => peer.send(byte(80), string('tcpip-forward'), boolean(true), string(''), uint32(0)),
    ],
    [
      'a session before login',
      /RFC 4252 §6.*message 90/,
      peer => peer.send(byte(90), string('session'), uint32(0), uint32(2 ** 21), uint32(32768)),
    ],
    ['channel data before login', /RFC 4252 §6.*message 94/, peer => peer.send(byte(94), uint32(0), string('x'))],
    ['message 127', /RFC 4252 §6/, peer => peer.send(byte(127))],
  ];
  for (const [what, text, send] of breaches) {
    test(`${what}`, async () => {
      const { peer, server } = await atLogin();
      const bystander = await SshPeer.login(server.port, userKey);
      send(peer);
      expect(await peer.gone()).toEqual({ reason: PROTOCOL_ERROR, text: expect.stringMatching(text) });
      expect(await server.report('connection-closed')).toMatchObject({
        level: 'warn',
        reason: expect.stringMatching(text),
      });
      await bystander.barrier();
    });
  }

  test('more requests at once than may wait', async () => {
    const { peer } = await atLogin({ authorize: () => new Promise(() => undefined) });
    for (let i = 0; i < 8; i += 1) peer.sendQuery('user', userKey);
    expect(await peer.gone()).toEqual({ reason: PROTOCOL_ERROR, text: expect.stringMatching(/too many requests/) });
  });

  test('a login before the service was asked for', async () => {
    const { port } = await startServer();
    const peer = await SshPeer.connect(port);
    peer.sendSigned('user', userKey);
    expect(await peer.gone()).toEqual({
      reason: PROTOCOL_ERROR,
      text: expect.stringMatching(/without a service request/),
    });
  });

  test('a service that is not login: SERVICE_NOT_AVAILABLE (RFC 4253 §10)', async () => {
    const { port } = await startServer();
    const peer = await SshPeer.connect(port);
    peer.send(byte(Message.SERVICE_REQUEST), string('ssh-connection'));
    expect(await peer.gone()).toEqual({ reason: 7, text: 'log in first: ssh-userauth' });
  });

  test('a number that no RFC gives is UNIMPLEMENTED, with the number of the packet, and no end (RFC 4253 §11.4)', async () => {
    const { peer } = await atLogin();
    peer.send(byte(200));
    peer.send(byte(201));
    const [first, second] = [await peer.expect(Message.UNIMPLEMENTED), await peer.expect(Message.UNIMPLEMENTED)];
    expect(second.uint32() - first.uint32()).toBe(1);
    peer.sendSigned('user', userKey);
    await peer.expect(Message.USERAUTH_SUCCESS);
  });

  test('IGNORE and DEBUG are not answered (RFC 4253 §11.2, §11.3)', async () => {
    const { peer } = await atLogin();
    peer.send(byte(Message.IGNORE), string('noise'));
    peer.send(byte(Message.DEBUG), boolean(true), string('noise'), string(''));
    peer.sendLogin('user', 'none');
    await expectFailure(peer);
  });
});

describe('tries and time', () => {
  test('maxAuthTries failures end the connection; the first none and questions that are answered yes are free', async () => {
    const { peer, server } = await atLogin({ maxAuthTries: 3 });
    peer.sendLogin('user', 'none');
    await expectFailure(peer);
    for (let i = 0; i < 5; i += 1) {
      peer.sendQuery('user', userKey);
      await peer.expect(Message.USERAUTH_PK_OK);
    }
    peer.sendQuery('user', stranger);
    await expectFailure(peer);
    peer.sendLogin('user', 'none');
    await expectFailure(peer);
    peer.sendSigned('user', stranger);
    expect(await peer.gone()).toEqual({ reason: 14, text: 'Too many authentication failures' });
    expect(server.reported('login-refused')).toHaveLength(2);
  });

  test('a thousand guesses at once: no more than maxAuthTries are looked at', async () => {
    let asked = 0;
    const { peer } = await atLogin({ maxAuthTries: 2, authorize: () => ++asked < 0 });
    for (let i = 0; i < 1000; i += 1) peer.sendSigned('user', stranger, { signature: Buffer.from('x') });
    await peer.gone();
    expect(asked).toBeLessThanOrEqual(2);
  });

  test('a refusal takes at least ten milliseconds, whatever the reason for it', async () => {
    const { peer } = await atLogin({ maxAuthTries: 100 });
    const reasons: Array<() => void> = [
      () => peer.sendLogin('user', 'password', boolean(false), string('x')),
      () => peer.sendQuery('user', stranger),
      () => peer.sendSigned('user', userKey, { algorithm: 'rsa-sha2-256' }),
      () => peer.sendSigned('user', userKey, { signer: stranger }),
    ];
    for (const send of reasons) {
      const started = performance.now();
      send();
      await expectFailure(peer);
      expect(performance.now() - started).toBeGreaterThanOrEqual(10);
    }
  });

  test('login grace time drops whoever has not logged in, without a word', async () => {
    const { peer } = await atLogin({ loginGraceTime: 150 });
    expect(await peer.gone()).toEqual({});
  });

  test('login grace time drops a connection that never says who it is', async () => {
    const server = await startServer({ loginGraceTime: 100 });
    const { connect } = await import('node:net');
    const socket = connect({ port: server.port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await server.report('connection-closed');
    expect(server.server.connections).toBe(0);
    socket.destroy();
  });

  test('login grace time leaves alone who has logged in', async () => {
    const server = await startServer({ loginGraceTime: 300 });
    const peer = await SshPeer.login(server.port, userKey);
    const late = await SshPeer.connect(server.port);
    await late.gone();
    await peer.barrier();
  });

  test('login requests after login are ignored, without an answer (RFC 4252 §5.1)', async () => {
    const { port } = await startServer();
    const peer = await SshPeer.login(port, userKey);
    peer.sendLogin('user', 'none');
    const before = peer.numbers.length;
    await peer.barrier();
    expect(peer.numbers.slice(before)).toEqual([Message.REQUEST_FAILURE]);
  });
});
