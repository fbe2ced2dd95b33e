/** `eow@openssh.com`, both ways: what each side drops is no longer produced. Facts: OpenSSH PROTOCOL §2.1, compat.c. */
import { describe, expect, test } from '@jest/globals';
import { servingAccount } from '../../server/account.ts';
import { runPrograms } from '../../server/run-programs.ts';
import { hearsEndOfWrite } from '../../ssh/end-of-write.ts';
import { string } from '../../ssh/wire.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import type { PeerChannel, PeerChannelOptions } from '../support/peer-channel.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import { ptyFields } from '../support/session-lab.ts';

const eow = 'eow@openssh.com';
const account = { ...servingAccount(), home: '/', shell: '/bin/sh' };

async function run(
  command: string,
  { ident, ...options }: PeerChannelOptions & { readonly ident?: string } = {},
): Promise<PeerChannel> {
  const { port } = await startServer({}, runPrograms(account));
  const peer = await SshPeer.login(port, userKey, ident === undefined ? {} : { ident });
  const channel = await peer.openSession(options);
  if (command.startsWith('tty')) channel.sendRequest('pty-req', false, ...ptyFields());
  channel.sendRequest('exec', false, string(command));
  return channel;
}

/** EOF left out: a program's comes when its pipes have closed, before its status or behind. */
const milestonesOf = ({ milestones }: PeerChannel): string[] => milestones.filter(milestone => milestone !== 'eof');

describe('a client that drops our output', () => {
  const endless = 'trap "" PIPE; yes 2>/dev/null; echo apart >&2; read line; exit $line';

  test('stops a program that would never end, and still has its standard error and its ear', async () => {
    const channel = await run(endless);
    await channel.events.until(() => channel.stdout.length > 0, 'output');
    channel.sendRequest(eow, false);
    await channel.events.until(() => channel.stderr.length > 0, 'standard error');
    channel.data('6\n');
    await channel.until('close');
    expect(channel.stderr.toString()).toBe('apart\n');
    expect(milestonesOf(channel)).toEqual(['opened', 'exit-status 6', 'close']);
  });

  test('stops one that waits for a window which never comes', async () => {
    const channel = await run('trap "" PIPE; yes 2>/dev/null; exit 5', { manual: true, window: 1000 });
    await channel.events.until(() => channel.stdout.length === 1000, 'a window of output');
    channel.sendRequest(eow, false);
    channel.grant(100_000_000);
    await channel.until('close');
    expect(milestonesOf(channel)).toEqual(['opened', 'exit-status 5', 'close']);
  });

  test('leaves a program on a terminal alone, which hears what is typed', async () => {
    const channel = await run('tty; read line; echo said; exit $line');
    await channel.events.until(() => channel.stdout.includes('\n'), 'the name of the terminal');
    channel.sendRequest(eow, false);
    channel.data('7\n');
    await channel.until('close');
    expect(channel.stdout.toString()).toMatch(/^\/dev\/pts\/\d+\r\n$/);
    expect(milestonesOf(channel)).toEqual(['opened', 'exit-status 7', 'close']);
  });

  test('may say so before there is a program', async () => {
    const { port } = await startServer({}, runPrograms(account));
    const channel = await (await SshPeer.login(port, userKey)).openSession();
    expect(await channel.request(eow)).toBe('success');
    channel.sendRequest('exec', false, string('exit 3'));
    await channel.until('exit-status 3');
  });
});

describe('a program that has closed its input', () => {
  const deaf = 'trap "exit 8" TERM; exec <&-; echo closed; while :; do sleep 0.01; done';

  async function told(ident: string): Promise<PeerChannel> {
    const channel = await run(deaf, { ident });
    await channel.events.until(() => channel.stdout.length > 0, 'output');
    channel.data('in vain');
    if (hearsEndOfWrite(ident)) await channel.until(eow);
    channel.data('in vain');
    await new Promise(setImmediate);
    channel.sendRequest('signal', false, string('TERM'));
    await channel.until('close');
    return channel;
  }

  test('is told to OpenSSH once, and what the client says all the same is dropped', async () => {
    const channel = await told('OpenSSH_9.2p1');
    expect(milestonesOf(channel)).toEqual(['opened', eow, 'exit-status 8', 'close']);
  });

  test('is not told to others, who may not know what it means', async () => {
    const channel = await told('PuTTY_Release_0.78');
    expect(milestonesOf(channel)).toEqual(['opened', 'exit-status 8', 'close']);
  });
});

// software version, whether it is told, where that is written
const peers: Array<[software: string, hears: boolean, source: string]> = [
  ['OpenSSH_9.2p1 Debian-2+deb12u10', true, 'compat.c, OpenSSH*'],
  ['OpenSSH_10.0', true, 'compat.c, OpenSSH*'],
  ['OpenSSH_for_Windows_9.5', true, 'compat.c, OpenSSH*'],
  ['OpenSSH_5.1', true, 'compat.c, OpenSSH_5*'],
  ['OpenSSH_4.9', false, 'compat.c, OpenSSH_4*'],
  ['OpenSSH_3.9p1', false, 'compat.c, OpenSSH_3.*'],
  ['OpenSSH_2.9', false, 'compat.c, OpenSSH_2.*'],
  ['dropbear_2022.83', false, 'another program'],
  ['not_OpenSSH_9.2', false, 'another program'],
];
test.each(peers)('%s hears of a closed input: %p (%s)', (software, hears) => {
  expect(hearsEndOfWrite(software)).toBe(hears);
});
