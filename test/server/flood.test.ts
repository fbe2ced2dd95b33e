/** Floods: a thousand connections that say nothing, and one source that does not keep another out. */
import { createConnection, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import type { ServerEvent } from '../../server/events.ts';
import { closeAfterTest } from '../support/cleanup.ts';
import { heldBytes } from '../support/garbage.ts';
import { holdTime } from '../support/held-time.ts';
import { startServer, userKey, type TestServer } from '../support/nacre-server.ts';
import { v1 } from '../support/proxy-header.ts';
import { SshPeer } from '../support/ssh-peer.ts';

function dial(port: number, localAddress = '127.0.0.1'): Socket {
  const socket = createConnection({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
  closeAfterTest(() => void socket.destroy());
  return socket;
}

/** Refusals in the log: lines of their own and counted. */
const refused = (events: readonly ServerEvent[]): number =>
  events.reduce(
    (sum, e) => sum + (e.event === 'connection-refused' ? 1 : e.event === 'connections-refused' ? e.count : 0),
    0,
  );

/** Whether a source gets as far as our identification; who is refused hears something else, or is reset. */
const isGreeted = (socket: Socket): Promise<boolean> =>
  new Promise(resolve => {
    socket.once('data', said => resolve(String(said).startsWith('SSH-2.0-')));
    socket.once('close', () => resolve(false));
  });

async function floodOf(count: number, { port }: TestServer, localAddress: string): Promise<number> {
  const greeted = Array.from({ length: count }, () => isGreeted(dial(port, localAddress)));
  return (await Promise.all(greeted)).filter(Boolean).length;
}

test('a thousand connections that say nothing: a hundred wait at most, memory and the log stay small', async () => {
  const server = await startServer();
  const before = heldBytes();
  const greeted = await floodOf(1_000, server, '127.0.0.1');
  expect(greeted).toBeGreaterThanOrEqual(10);
  expect(greeted).toBeLessThanOrEqual(100);
  expect(server.server.connections).toBeLessThanOrEqual(100);
  expect(heldBytes() - before).toBeLessThan(16 * 1024 ** 2);
  await server.server.close();
  expect(refused(server.events.entries)).toBe(1_000 - greeted);
  expect(server.reported('connection-refused').length).toBeLessThanOrEqual(20);
}, 120_000);

test('the flood of one source does not keep another out', async () => {
  const server = await startServer({ admission: { source: { maxStartups: 5 } } });
  expect(await floodOf(200, server, '127.0.0.2')).toBe(5);
  await SshPeer.login(server.port, userKey);
}, 120_000);

test('nor does it through a proxy, where all come from one address', async () => {
  const proxyProtocol = { mode: 'required', trusted: ['127.0.0.0/8'] } as const;
  const server = await startServer({ proxyProtocol, admission: { source: { maxStartups: 5 } } });
  const from = (client: string): Promise<boolean> => {
    const socket = dial(server.port);
    socket.write(v1(`PROXY TCP4 ${client} 198.51.100.7 1 22`));
    return isGreeted(socket);
  };
  const flood = await Promise.all(Array.from({ length: 200 }, () => from('192.0.2.1')));
  expect(flood.filter(Boolean)).toHaveLength(5);
  expect(await from('192.0.2.2')).toBe(true);
}, 120_000);

test('those that came and said nothing are gone when their time is over, and leave no timer and no place', async () => {
  const time = holdTime();
  const penalties = { enabled: false };
  const server = await startServer({
    loginGraceTime: 5_000,
    admission: { startups: { begin: 300, full: 300 }, penalties },
  });
  expect(await floodOf(200, server, '127.0.0.1')).toBe(200);
  time.pass(5_000);
  await server.events.until(() => server.reported('connection-closed').length === 200, 'the end of all');
  expect(server.server.connections).toBe(0);
  expect(server.reported('limit-reached').every(({ limit }) => limit === 'login-grace')).toBe(true);
  expect(time.waiting()).toBe(0);
}, 120_000);
