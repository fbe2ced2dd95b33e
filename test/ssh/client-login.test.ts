/** The client's side of a login, against a server that is played by hand. RFC 4252. */
import { describe, expect, test } from '@jest/globals';
import { ClientLogin, type ClientLoginOptions } from '../../ssh/client-login.ts';
import { Message } from '../../ssh/codes.ts';
import type { Extensions } from '../../ssh/ext-info.ts';
import type { HandshakeKey } from '../../ssh/packets.ts';
import { boolean, byte, message, nameList, string, WireReader } from '../../ssh/wire.ts';
import { done, type CloseReason } from '../../transport/close-reason.ts';
import { MemoryLink } from '../support/memory-link.ts';

const accept = message(byte(Message.SERVICE_ACCEPT), string('ssh-userauth'));
const success = message(byte(Message.USERAUTH_SUCCESS));
const failure = (...methods: string[]): Buffer =>
  message(byte(Message.USERAUTH_FAILURE), nameList(methods), boolean(false));
const banner = (text: string): Buffer => message(byte(Message.USERAUTH_BANNER), string(text), string(''));

class ServerLink extends MemoryLink {
  readonly extensions: Extensions;

  constructor(says: Record<string, string>) {
    super();
    this.extensions = new Map(Object.entries(says).map(([name, value]) => [name, Buffer.from(value)]));
  }

  /** User and method of each login request. */
  get requests(): string[] {
    const requests = this.sent.filter(([number]) => number === Message.USERAUTH_REQUEST);
    return requests.map(payload => {
      const reader = new WireReader(payload.subarray(1), 'request');
      const [user, , method] = [reader.text(), reader.text(), reader.text()];
      if (method === 'none') return `${user} none`;
      reader.boolean();
      return `${user} ${method} ${reader.text()}`;
    });
  }
}

const keyOf = (name: string, ...algorithms: string[]): HandshakeKey => ({
  algorithms,
  blob: Buffer.from(name),
  sign: () => Buffer.from(`signed by ${name}`),
});

function begin(options: Partial<ClientLoginOptions> = {}, says: Record<string, string> = {}) {
  const link = new ServerLink(says);
  const heard: string[] = [];
  const failed: CloseReason[] = [];
  new ClientLogin(link, {
    ...{ user: 'ada', keys: [], sessionId: Buffer.from('session'), hostKey: Buffer.from('host') },
    banner: text => heard.push(text),
    accepted: () => heard.push('accepted'),
    failed: reason => failed.push(reason),
    ...options,
  });
  return { link, heard, failed };
}

describe('a login', () => {
  test('begins with none, by which a client asks for the methods (RFC 4252 §5.2)', () => {
    const { link, heard } = begin();
    link.receive(accept, success);
    expect([link.requests, heard]).toEqual([['ada none'], ['accepted']]);
  });

  test('tries each key once, in order, until one is accepted', () => {
    const { link, heard } = begin({ keys: [keyOf('a', 'ssh-ed25519'), keyOf('b', 'ssh-ed25519'), keyOf('c', 'x')] });
    link.receive(accept, failure('publickey', 'password'), failure('publickey'), success);
    expect(link.requests).toEqual(['ada none', 'ada publickey ssh-ed25519', 'ada publickey ssh-ed25519']);
    expect(heard).toEqual(['accepted']);
  });

  test('signs by the first algorithm of the key that the server takes, and leaves out keys that it does not', () => {
    const keys = [keyOf('dsa', 'ssh-dss'), keyOf('rsa', 'rsa-sha2-512', 'rsa-sha2-256')];
    const { link } = begin({ keys }, { 'server-sig-algs': 'ssh-ed25519,rsa-sha2-256' });
    link.receive(accept, failure('publickey'));
    expect(link.requests).toEqual(['ada none', 'ada publickey rsa-sha2-256']);
  });

  test('signs the session, the request and, where the server knows how, its host key', () => {
    const signed: Buffer[] = [];
    const key: HandshakeKey = { ...keyOf('k', 'a'), sign: data => Buffer.of(signed.push(Buffer.from(data))) };
    for (const says of [{}, { 'publickey-hostbound@openssh.com': '0' }])
      begin({ keys: [key] }, says).link.receive(accept, failure('publickey'));
    const request = (method: string, ...more: Uint8Array[]): Buffer => {
      const head = [byte(50), string('ada'), string('ssh-connection'), string(method)];
      return message(string('session'), ...head, boolean(true), string('a'), string('k'), ...more);
    };
    expect(signed).toEqual([request('publickey'), request('publickey-hostbound-v00@openssh.com', string('host'))]);
  });

  test('is over when no key is left, with what the server would take', () => {
    const { link, failed } = begin({ keys: [keyOf('a', 'x')] });
    link.receive(accept, failure('publickey'), failure('publickey', 'pass\x1bword'));
    link.lose(done);
    const problem =
      "login as 'ada' was refused: none of 1 keys was accepted; the server takes publickey, pass\\u001bword";
    expect(failed).toMatchObject([
      { kind: 'lost', error: { code: 'ERR_LOGIN_REFUSED', message: problem, methods: ['publickey', 'pass\x1bword'] } },
    ]);
  });

  test('does not try keys with a server that takes none', () => {
    const { link } = begin({ keys: [keyOf('a', 'x')] });
    link.receive(accept, failure('password'));
    expect([link.requests, link.disconnected?.reason]).toEqual([['ada none'], 14]);
  });

  test('that is cut off fails with the reason of the link', () => {
    const { link, failed } = begin();
    link.lose({ kind: 'aborted' });
    expect(failed).toEqual([{ kind: 'aborted' }]);
  });
});

describe('a banner', () => {
  test('is shown line by line, and nothing in it can move a cursor', () => {
    const { link, heard } = begin();
    link.receive(banner('Welcome\r\nto \x1b[2Jus\n'));
    expect(heard).toEqual(['Welcome\nto \\u001b[2Jus\n']);
  });

  test('has an end', () => {
    const { link, heard } = begin();
    for (let count = 0; count < 1_000; count += 1) link.receive(banner('x'.repeat(1_000)));
    expect(heard.join('').length).toBe(16 * 1024);
  });
});

describe('a server that breaks RFC 4252 ends the connection by', () => {
  const breaches: Array<[what: string, ...payloads: Buffer[]]> = [
    ['SUCCESS before anybody asked', success],
    ['FAILURE before anybody asked', failure('publickey')],
    ['SERVICE_ACCEPT twice', accept, accept],
    ['a login request', accept, Buffer.of(Message.USERAUTH_REQUEST)],
    ['PK_OK that nobody asked for', accept, Buffer.of(Message.USERAUTH_PK_OK)],
    ['a channel before login', accept, Buffer.of(Message.CHANNEL_OPEN)],
    ['half a FAILURE', accept, Buffer.of(Message.USERAUTH_FAILURE, 0, 0)],
  ];
  for (const [what, ...payloads] of breaches) {
    test(what, () => {
      const { link, heard } = begin();
      link.receive(...payloads);
      expect([link.disconnected?.reason, heard]).toEqual([2, []]);
    });
  }

  test('nothing that it does not know: that is UNIMPLEMENTED (RFC 4253 §11.4)', () => {
    const { link } = begin();
    link.receive(Buffer.of(200));
    expect([link.rejected, link.disconnected]).toEqual([1, undefined]);
  });
});
