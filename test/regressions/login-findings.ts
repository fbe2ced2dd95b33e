/** Login: what a stranger can send before anybody knows who it is. */
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, string, uint32 } from '../../ssh/wire.ts';
import { makeTestKey } from '../support/ssh-keys.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import { turns } from '../support/turns.ts';
import { isAlive, nextAnswer } from './outcomes.ts';
import type { Finding, Subject } from './subject.ts';

const GUESSES = 300;
const stranger = makeTestKey();
const rsa = makeTestKey('rsa');
const ecdsa = makeTestKey('ecdsa-256');

const kindOf = (fact: string): string => /ed25519|rsa|ecdsa/.exec(fact)?.[0] ?? fact;

async function atLogin({ port }: Subject): Promise<SshPeer> {
  const peer = await SshPeer.connect(port);
  await peer.requestService();
  return peer;
}

/** The server has all of it when it looks at the first. */
function inOneWrite({ socket }: SshPeer, send: () => void): void {
  socket.cork();
  send();
  socket.uncork();
}

/** Say how the stranger's connection answers, and whether the server is still there for others. */
async function attack(subject: Subject, send: (peer: SshPeer) => Promise<void>): Promise<string> {
  const peer = await atLogin(subject);
  await send(peer);
  const answer = await nextAnswer(peer);
  return `${answer}; the server ${(await isAlive(subject)) ? 'lives' : 'is gone'}`;
}

let open = (): void => undefined;
const answersLater = () => ({
  loginAfter: new Promise<void>(resolve => (open = resolve)),
  authorize: (user: string) => user === 'user',
});

export const loginFindings: readonly Finding[] = [
  {
    section: '§0.5 §1.3',
    when: 'a question about a key comes in the middle of keyboard-interactive',
    dangerous: true,
    scenario: subject =>
      attack(subject, async peer => {
        peer.sendLogin('user', 'keyboard-interactive', string(''), string(''));
        await peer.next();
        peer.sendQuery('user', subject.key);
      }),
    onStock: 'ended; the server is gone',
    onOurs: 'PK_OK; the server lives',
    where: 'server/login.ts',
  },
  ...[Message.USERAUTH_FAILURE, Message.USERAUTH_SUCCESS].map((number): Finding => ({
    section: '§0.5 §1.3',
    when: `a client sends message ${number} behind a password`,
    dangerous: true,
    scenario: subject =>
      attack(subject, async peer => {
        inOneWrite(peer, () => {
          peer.sendLogin('user', 'password', boolean(false), string('x'));
          peer.send(byte(number), string('password'), boolean(false));
        });
      }),
    onStock: 'ended; the server is gone',
    onOurs: 'disconnected; the server lives',
    where: 'server/login.ts',
  })),
  {
    section: '§0.5 §1.3',
    when: 'a client sends the form for a new password, unasked',
    dangerous: true,
    scenario: subject =>
      attack(subject, async peer => peer.sendLogin('user', 'password', boolean(true), string('old'), string('new'))),
    onStock: 'ended; the server is gone',
    onOurs: 'FAILURE; the server lives',
    where: 'server/login.ts',
  },
  {
    section: '§1.2 methods',
    when: 'a client tries a method that the server does not know',
    scenario: async subject => {
      const peer = await atLogin(subject);
      peer.sendLogin('user', 'gssapi-with-mic', uint32(0));
      return nextAnswer(peer);
    },
    onStock: 'disconnected',
    onOurs: 'FAILURE',
    where: 'server/login.ts',
  },
  {
    section: '§1.2 LoginGraceTime',
    when: 'a client exchanges keys and never logs in',
    behaviour: () => ({ loginGraceTime: 100 }),
    silent: true,
    scenario: async ({ port, patience }) => {
      const peer = SshPeer.start(port);
      return (await peer.received.comes(() => peer.closed, patience)) ? 'the connection ends' : 'the connection stays';
    },
    onStock: 'the connection stays',
    onOurs: 'the connection ends',
    where: 'server/limits/connection-limits.ts',
  },
  {
    section: '§1.2 MaxAuthTries',
    when: `a client makes ${GUESSES} guesses on one connection`,
    behaviour: () => ({ authorize: () => false }),
    scenario: async subject => {
      const peer = await atLogin(subject);
      let answer = 'FAILURE';
      for (let i = 0; i < GUESSES && answer === 'FAILURE'; i += 1) {
        peer.sendQuery('user', stranger);
        answer = await nextAnswer(peer);
      }
      return `${subject.facts.entries.filter(fact => fact.startsWith('asked')).length} are looked at`;
    },
    onStock: `${GUESSES} are looked at`,
    onOurs: '6 are looked at',
    where: 'server/login.ts',
  },
  {
    section: '§1.2 pending requests',
    when: 'an RSA and an ECDSA key are offered while an ed25519 key is looked at',
    behaviour: answersLater,
    scenario: async subject => {
      const peer = await atLogin(subject);
      inOneWrite(peer, () => {
        for (const key of [stranger, rsa, ecdsa])
          peer.sendQuery('nobody', key, key === rsa ? 'rsa-sha2-512' : key.type);
      });
      await subject.facts.until(() => subject.facts.entries.length > 0, 'the first question');
      await turns(20);
      open();
      for (let i = 0; i < 3; i += 1) await nextAnswer(peer);
      return subject.facts.entries.map(fact => kindOf(fact)).join(', ');
    },
    onStock: 'ed25519, ecdsa, rsa',
    onOurs: 'ed25519, rsa, ecdsa',
    where: 'server/login.ts',
  },
  {
    section: '§1.3 ready after close',
    when: 'a client vanishes while its key is looked up',
    behaviour: answersLater,
    scenario: async subject => {
      const peer = await atLogin(subject);
      peer.sendSigned('user', subject.key);
      await subject.facts.until(() => subject.facts.entries.length > 0, 'the question');
      peer.socket.destroy();
      await subject.facts.until(() => subject.facts.entries.includes('connection closed'), 'the closing');
      open();
      await turns(20);
      return subject.facts.entries.slice(1).join(', ');
    },
    onStock: 'connection closed, logged in',
    onOurs: 'connection closed',
    where: 'server/login.ts',
  },
  {
    section: '§1.3 verify()',
    when: 'a client without the private key signs by rsa-sha2-256 for an ed25519 key',
    scenario: async subject => {
      const peer = await atLogin(subject);
      peer.sendSigned('user', subject.key, { algorithm: 'rsa-sha2-256', signer: stranger });
      return nextAnswer(peer);
    },
    onStock: 'SUCCESS',
    onOurs: 'FAILURE',
    where: 'keys/signature-algorithms.ts',
  },
  {
    section: '§1.2 PK_OK',
    when: 'a client asks about an RSA key by rsa-sha2-512',
    scenario: async subject => {
      const peer = await atLogin(subject);
      peer.sendQuery('user', rsa, 'rsa-sha2-512');
      return `PK_OK names ${(await peer.expect(Message.USERAUTH_PK_OK)).text()}`;
    },
    onStock: 'PK_OK names ssh-rsa',
    onOurs: 'PK_OK names rsa-sha2-512',
    where: 'server/login.ts',
  },
  {
    section: '§1.3 before login',
    when: 'a client opens a session before it has logged in',
    scenario: async subject => {
      const peer = await atLogin(subject);
      peer.send(byte(Message.CHANNEL_OPEN), string('session'), uint32(9), uint32(2 ** 21), uint32(32_768));
      return nextAnswer(peer);
    },
    onStock: 'message 92',
    onOurs: 'disconnected',
    where: 'server/login.ts',
  },
  {
    section: '§1.3 before login',
    when: 'a client logs in without asking for the login service',
    scenario: async subject => {
      const peer = await SshPeer.connect(subject.port);
      peer.sendSigned('user', subject.key);
      let answer = await nextAnswer(peer);
      if (answer === `message ${Message.EXT_INFO}`) answer = await nextAnswer(peer);
      return answer;
    },
    onStock: 'SUCCESS',
    onOurs: 'disconnected',
    where: 'server/login.ts',
  },
];
