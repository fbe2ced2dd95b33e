/**
 * What is left when many sessions have come and gone on one server: no process, descriptor, thread or timer.
 *
 * `NACRE_MANY=1000` says how many sessions in all; sixty by default.
 */
import { test } from '@jest/globals';
import { servingAccount } from '../../server/account.ts';
import { runPrograms } from '../../server/run-programs.ts';
import { string } from '../../ssh/wire.ts';
import { directPrograms, type ProgramRunner } from '../../transport/process/runner.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import type { PeerChannel } from '../support/peer-channel.ts';
import { openHost } from '../support/process-hosts.ts';
import { untilGone } from '../support/programs.ts';
import { ptyFields } from '../support/session-lab.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import { expectNothingLeft, traces } from '../support/traces.ts';

const many = Number(process.env['NACRE_MANY'] ?? 60);
const account = { ...servingAccount(), home: '/', shell: '/bin/sh' };

/** Every way that a session can end: its program does, the client closes it, or the client is gone. */
const ends: Array<(channel: PeerChannel, peer: SshPeer) => Promise<void>> = [
  async channel => {
    channel.data('done\n');
    await channel.until('close');
  },
  async channel => {
    channel.close();
    await channel.until('close');
  },
  (_channel, peer) => {
    peer.socket.destroy();
    return Promise.resolve();
  },
];

async function endOf(port: number, index: number): Promise<void> {
  const peer = await SshPeer.login(port, userKey);
  const channel = await peer.openSession();
  if (index % 2 === 0) await channel.request('pty-req', ptyFields());
  channel.sendRequest('exec', false, string('echo $$; read line'));
  await channel.events.until(() => channel.stdout.includes('\n'), 'its process id');
  const pid = Number(channel.stdout.toString());
  await ends[index % ends.length]!(channel, peer);
  await untilGone(pid);
  peer.socket.destroy();
}

const runners: Array<[name: string, open: () => Promise<{ runner: ProgramRunner; pids: number[] }>]> = [
  ['this process', () => Promise.resolve({ runner: directPrograms, pids: [process.pid] })],
  [
    'a process host',
    async () => {
      const { host } = await openHost();
      return { runner: host, pids: [process.pid, host.pid!] };
    },
  ],
];

test.each(runners)(
  `of ${many} sessions that %s runs programs for, nothing is left`,
  async (_name, open) => {
    const { runner, pids } = await open();
    const { port } = await startServer({}, runPrograms(account, runner));
    for (let index = 0; index < 6; index += 1) await endOf(port, index); // what is loaded once is loaded now
    const before = traces(pids);
    for (let index = 0; index < many; index += 1) await endOf(port, index);
    await expectNothingLeft(pids, before);
  },
  60_000 + many * 500,
);
