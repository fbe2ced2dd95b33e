/** A server's own life: where it listens, how it drains, how it drops everything. */
import { createConnection } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { holdTime } from '../support/held-time.ts';
import { Recorder } from '../support/recorder.ts';
import { openLab, stay } from '../support/session-lab.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import { SshPeer } from '../support/ssh-peer.ts';

const shutDown = { reason: 11, text: 'the server is shutting down' };

/** An address of this file's own: a port that is given up here may be another worker's on 127.0.0.1 at once. */
const host = '127.83.83.22';
const here = { listen: [{ host, port: 0 }] };

/** Rejects with ECONNREFUSED if nobody listens. */
const knock = (port: number, at = host): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: at }, () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });

describe('listening', () => {
  test('on every address of the options, in their order, with the real ports', async () => {
    const { server, reported } = await startServer({
      listen: [
        { host: '127.0.0.1', port: 0 },
        { host: '127.0.0.2', port: 0 },
      ],
    });
    expect(server.addresses.map(({ host }) => host)).toEqual(['127.0.0.1', '127.0.0.2']);
    expect(reported('listening').map(({ host, port }) => ({ kind: 'tcp', host, port }))).toEqual(server.addresses);
    for (const { port } of server.addresses) expect(port).toBeGreaterThan(0);
  });

  test('an address that is taken rejects with the system’s error, and the others are closed again', async () => {
    const { port } = await startServer(here);
    const free = await startServer(here);
    const { port: first } = free;
    await free.server.close();
    const listen = [
      { host, port: first },
      { host, port },
    ];
    await expect(startServer({ listen })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(knock(first)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('counts its connections and sessions', async () => {
    const { server, peer, channel, report } = await openLab();
    await SshPeer.connect(server.addresses[0]!.port);
    await channel.request('shell');
    expect([server.connections, server.sessions]).toEqual([2, 1]);
    peer.socket.destroy();
    await report('connection-closed');
    expect([server.connections, server.sessions]).toEqual([1, 0]);
  });
});

describe('close', () => {
  test('resolves at once when nobody is there, and nobody gets in any more', async () => {
    const { server, port } = await startServer(here);
    await server.close(60_000);
    await expect(knock(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('tells who has no session running, logged in or not, and disconnects', async () => {
    const { server, port, events, reported } = await startServer();
    const idle = await SshPeer.login(port, userKey);
    const newcomer = await SshPeer.connect(port);
    await events.until(() => reported('handshake').length === 2, 'both handshakes');
    const closed = server.close(60_000);
    expect(await idle.gone()).toEqual(shutDown);
    expect(await newcomer.gone()).toEqual(shutDown);
    await closed;
  });

  test('drops who has said nothing yet', async () => {
    const { server, port, report } = await startServer();
    const socket = createConnection({ port, host: '127.0.0.1' });
    await report('connection-opened');
    await server.close(60_000);
    socket.destroy();
  });

  test('lets running sessions finish and refuses new ones', async () => {
    const time = holdTime();
    const { server, peer, channel, session } = await openLab();
    await channel.request('shell');
    const closed = server.close(60_000);
    await expect(peer.openSession()).rejects.toThrow('refused 2: the server is shutting down');
    (await session()).end('last word', 5);
    await channel.until('close');
    await peer.barrier(); // the server has the client's CLOSE, too
    time.pass(1_000); // what a client has to leave by itself, server/incoming.ts
    expect(await peer.gone()).toEqual(shutDown);
    expect(channel.stdout.toString()).toBe('last word');
    expect(channel.milestones).toEqual(['opened', 'success', 'exit-status 5', 'eof', 'close', 'lost']);
    await closed;
  });

  test('lets a client whose last session has ended hang up by itself: told to go, ssh(1) would report a failure', async () => {
    holdTime();
    const { server, peer, channel, session } = await openLab();
    await channel.request('shell');
    const closed = server.close(60_000);
    (await session()).end('last word');
    await channel.until('close');
    await peer.barrier();
    peer.socket.destroy();
    await closed;
  });

  test('disconnects who is left when the drain time is over, and tells their sessions', async () => {
    const { server, peer, channel, session } = await openLab();
    await channel.request('shell');
    const protocol = new Recorder();
    (await session()).channel.start(protocol);
    await server.close(50);
    expect(await peer.gone()).toEqual(shutDown);
    expect(protocol.lost).toBe(1);
  });

  test('leaves no timer behind: an early end does not disconnect anybody later', async () => {
    const time = holdTime();
    const { server } = await startServer();
    await server.close(60_000);
    expect(time.waiting()).toBe(0);
  });

  test('is what `await using` does', async () => {
    const { server, port } = await startServer(here);
    await server[Symbol.asyncDispose]();
    await expect(knock(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('abort', () => {
  test('drops everything now, without a word', async () => {
    const { server, peer, channel, session, port, events } = await openLab(stay);
    await channel.request('shell');
    const protocol = new Recorder();
    (await session()).channel.start(protocol);
    server.abort();
    expect(await peer.gone()).toEqual({});
    await protocol.ended();
    await expect(knock(port, '127.0.0.1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await events.until(() => events.entries.some(({ event }) => event === 'connection-closed'), 'connection-closed');
    expect([server.connections, server.sessions]).toEqual([0, 0]);
  });
});
