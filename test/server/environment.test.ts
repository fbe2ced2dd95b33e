/** The environment of a program is built from nothing: exactly these variables, and what the client may add. */
import { describe, expect, test } from '@jest/globals';
import type { Account } from '../../server/account.ts';
import { programEnvironment } from '../../server/environment.ts';
import { Session } from '../../server/session.ts';
import { Channel } from '../../ssh/channel.ts';
import type { ChannelHome } from '../../ssh/channel-home.ts';
import type { Address } from '../../transport/address.ts';

const account: Account = { name: 'ana', uid: 1000, home: '/home/ana', shell: '/bin/zsh' };
const size = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 };

/** A session whose client is at `peer`; it sends nothing. */
function sessionBetween(peer: Address, host: Address): Session {
  const nothing = (): void => undefined;
  const link = {
    send: nothing,
    writable: true,
    disconnect: nothing,
    rejectMessage: nothing,
    listen: nothing,
    getPeer: () => peer,
    getHost: () => host,
  };
  const home: ChannelHome = {
    link,
    requestTimeout: 0,
    crowded: false,
    waitForTurn: nothing,
    closeSent: nothing,
    finished: nothing,
  };
  const numbers = { localId: 0, remoteId: 0, remoteWindow: 0, remoteMaxPacket: 1, localWindow: 1, localMaxPacket: 1 };
  const context = { user: 'ana', software: 'test', handler: nothing, report: nothing };
  return new Session(new Channel('session', home, numbers), context);
}

const tcp = (): Session =>
  sessionBetween({ kind: 'tcp', host: '192.0.2.7', port: 50_000 }, { kind: 'tcp', host: '198.51.100.1', port: 22 });

const always = {
  USER: 'ana',
  LOGNAME: 'ana',
  HOME: '/home/ana',
  SHELL: '/bin/zsh',
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games',
  SSH_CLIENT: '192.0.2.7 50000 22',
  SSH_CONNECTION: '192.0.2.7 50000 198.51.100.1 22',
};

describe('exactly', () => {
  test('these without a terminal', () => {
    expect(programEnvironment(tcp(), account)).toEqual(always);
  });

  test('these and TERM with one', () => {
    const session = tcp();
    session.pty = { term: 'xterm-256color', size, modes: new Map() };
    expect(programEnvironment(session, account)).toEqual({ ...always, TERM: 'xterm-256color' });
  });

  test('root’s path for root', () => {
    const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    expect(programEnvironment(tcp(), { ...account, uid: 0 })).toEqual({ ...always, PATH });
  });

  test('the client’s variables besides, and never over ours', () => {
    const session = tcp();
    for (const name of ['LANG', 'PATH', 'USER', 'SSH_CONNECTION']) session.environment.set(name, 'theirs');
    expect(programEnvironment(session, account)).toEqual({ ...always, LANG: 'theirs' });
  });

  test('nothing of the server’s own environment', () => {
    process.env['NACRE_TEST_SECRET'] = 'secret';
    const names = Object.keys(programEnvironment(tcp(), account));
    delete process.env['NACRE_TEST_SECRET'];
    expect(names.sort()).toEqual(Object.keys(always).sort());
  });

  test('addresses without ports where there are none', () => {
    const session = sessionBetween({ kind: 'memory', name: 'there' }, { kind: 'memory', name: 'here' });
    const { SSH_CONNECTION, SSH_CLIENT } = programEnvironment(session, account);
    expect([SSH_CONNECTION, SSH_CLIENT]).toEqual([expect.stringMatching(/there .*here/), undefined]);
  });
});
