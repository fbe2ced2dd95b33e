/** What ends a connection before login, and what does not. RFC 4252 §5–6; RFC 4253 §10–11. */
import { describe, expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, string, uint32 } from '../../ssh/wire.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import { atLogin, expectFailure, stranger } from './login-lab.ts';

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
