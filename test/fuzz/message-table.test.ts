/**
 * Every message number in every state of a connection, and what comes of it: docs/hostile-input.md, held to the server.
 *
 * The messages are right in themselves; it is the state that is wrong. What RFC 4253 §11, RFC 4252 §6 and strict key
 * exchange (OpenSSH PROTOCOL §1.10) have to say is in the page.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, message, string, uint32, type Field } from '../../ssh/wire.ts';
import type { ServerEvent } from '../../server/events.ts';
import { closeAfterTest } from '../support/cleanup.ts';
import { startServer, userKey, type TestServer } from '../support/nacre-server.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import { echo } from './innocent.ts';
import * as messages from './messages.ts';
import { plainPacket } from '../support/plain-packet.ts';
import { Random } from './random.ts';

const page = fileURLToPath(new URL('../../docs/hostile-input.md', import.meta.url));

/** What a state does with one message. */
type Ask = (server: TestServer, payload: Buffer) => Promise<string>;

const random = new Random(1);
const kexInit = (strict: boolean): Buffer => message(...messages.kexInit(random, strict, 'none', false));

const states: ReadonlyArray<[name: string, ask: Ask]> = [
  ['before KEXINIT', (server, payload) => inThePlain(server, [], payload)],
  ['key exchange, strict', (server, payload) => inThePlain(server, [kexInit(true)], payload)],
  ['key exchange, not strict', (server, payload) => inThePlain(server, [kexInit(false)], payload)],
  ['before login', async (server, payload) => answered(server, await atLogin(server), payload)],
  ['after login', async (server, payload) => answered(server, await loggedIn(server, payload[0]!), payload)],
  ['rekey', (server, payload) => duringRekey(server, payload)],
];

/** Known to nobody. */
const PROBE = 191;
const NEWKEYS = 21;
const names = new Map<number, string>([
  ...Object.entries(Message).map(([name, number]): [number, string] => [number, name]),
  ...[[NEWKEYS, 'NEWKEYS'] as const, [30, 'KEX_ECDH_INIT'] as const, [31, 'KEX_ECDH_REPLY'] as const],
  ...[[53, 'USERAUTH_BANNER'] as const, [61, 'USERAUTH_INFO_RESPONSE'] as const],
]);

const channel = uint32(0);
const bodies: Readonly<Record<number, readonly Field[]>> = {
  [Message.DISCONNECT]: [uint32(2), string('bye'), string('')],
  [Message.IGNORE]: [string('')],
  [Message.UNIMPLEMENTED]: [uint32(0)],
  [Message.DEBUG]: [boolean(false), string(''), string('')],
  [Message.SERVICE_REQUEST]: [string('ssh-userauth')],
  [Message.SERVICE_ACCEPT]: [string('ssh-userauth')],
  [Message.EXT_INFO]: [uint32(0)],
  30: [string(random.bytes(32))],
  31: [string('key'), string(random.bytes(32)), string('signature')],
  [Message.USERAUTH_REQUEST]: [string('user'), string('ssh-connection'), string('none')],
  [Message.USERAUTH_FAILURE]: [string('publickey'), boolean(false)],
  53: [string('banner'), string('')],
  [Message.USERAUTH_PK_OK]: [string('ssh-ed25519'), string(userKey.blob)],
  61: [uint32(0)],
  [Message.GLOBAL_REQUEST]: [string('keepalive@openssh.com'), boolean(true)],
  [Message.CHANNEL_OPEN]: [string('session'), uint32(9), uint32(1), uint32(1)],
  [Message.CHANNEL_OPEN_CONFIRMATION]: [channel, uint32(0), uint32(1), uint32(1)],
  [Message.CHANNEL_OPEN_FAILURE]: [channel, uint32(1), string('no'), string('')],
  [Message.CHANNEL_WINDOW_ADJUST]: [channel, uint32(1)],
  [Message.CHANNEL_DATA]: [channel, string('')],
  [Message.CHANNEL_EXTENDED_DATA]: [channel, uint32(1), string('')],
  [Message.CHANNEL_EOF]: [channel],
  [Message.CHANNEL_CLOSE]: [channel],
  [Message.CHANNEL_REQUEST]: [channel, string('break'), boolean(true), uint32(0)],
  [Message.CHANNEL_SUCCESS]: [channel],
  [Message.CHANNEL_FAILURE]: [channel],
  [Message.PING]: [string('')],
  [Message.PONG]: [string('')],
};

const messageOf = (number: number): Buffer =>
  number === Message.KEXINIT ? kexInit(true) : message(byte(number), ...(bodies[number] ?? []));

const addressOf = (socket: Socket): string => `127.0.0.1:${socket.localPort}`;

/** Without keys, and then the client closes its side: what the server had to say of the connection. */
async function inThePlain(server: TestServer, before: readonly Buffer[], payload: Buffer): Promise<string> {
  const socket = connect({ port: server.port, host: '127.0.0.1' }).on('error', () => undefined);
  socket.on(
    'close',
    closeAfterTest(() => void socket.destroy()),
  );
  socket.resume();
  await new Promise<void>(resolve => socket.once('connect', resolve));
  const address = addressOf(socket);
  socket.write('SSH-2.0-test\r\n');
  for (const each of [...before, payload]) socket.write(plainPacket(each));
  socket.end();
  return endOf(server, address);
}

/** With keys, but the client does not make new ones. */
async function duringRekey(server: TestServer, payload: Buffer): Promise<string> {
  const { peer, address } = await withChannel(server);
  peer.passive = true;
  peer.send(kexInit(true));
  peer.send(payload);
  peer.socket.end();
  return endOf(server, address);
}

interface Known {
  readonly peer: SshPeer;
  readonly address: string;
}

async function known(peer: Promise<SshPeer>): Promise<Known> {
  return { peer: await peer, address: addressOf((await peer).socket) };
}

/** The server's channel 0 is the client's 77, which the peer leaves to the test. */
async function withChannel({ port }: TestServer): Promise<Known> {
  const { peer, address } = await known(SshPeer.login(port, userKey));
  peer.send(byte(Message.CHANNEL_OPEN), string('session'), uint32(77), uint32(1_000), uint32(1_000));
  let payload = await peer.next();
  while (payload[0] !== Message.CHANNEL_OPEN_CONFIRMATION) payload = await peer.next();
  return { peer, address };
}

/** Connections that have borne all messages so far, by state. */
const used = new Map<string, Known>();

async function kept(state: string, make: () => Promise<Known>): Promise<Known> {
  const before = used.get(state);
  if (before && !before.peer.closed) return before;
  const fresh = await make();
  used.set(state, fresh);
  return fresh;
}

const atLogin = (server: TestServer): Promise<Known> =>
  kept('login', async () => {
    const made = await known(SshPeer.connect(server.port));
    await made.peer.requestService();
    return made;
  });

/** What is about channels is tried on a new one each time. */
const loggedIn = (server: TestServer, number: number): Promise<Known> =>
  number >= 80 && number <= 100 ? withChannel(server) : kept('connection', () => withChannel(server));

/** The message, and one that nobody knows: what comes before the answer to that is the answer to the first. */
async function answered(server: TestServer, { peer, address }: Known, payload: Buffer): Promise<string> {
  const from = peer.received.entries.length;
  peer.passive = true;
  peer.send(payload);
  const unknown = message(byte(Message.UNIMPLEMENTED), uint32(peer.nextSequence));
  if (payload[0] === Message.KEXINIT) peer.socket.end();
  else peer.send(byte(PROBE));
  const answers = (): Buffer[] =>
    peer.received.entries.slice(from).filter(([first]) => first !== Message.GLOBAL_REQUEST);
  const over = (): boolean => peer.closed || answers().some(each => each.equals(unknown));
  await peer.received.until(over, 'an answer', 30_000);
  const [first] = answers();
  if (peer.closed && (first === undefined || first[0] === Message.DISCONNECT)) return endOf(server, address);
  return first === undefined || first.equals(unknown) ? 'goes on' : (names.get(first[0]!) ?? String(first[0]));
}

/** What the server said of the end of a connection; its port may have been another's before. */
async function endOf({ events }: TestServer, address: string): Promise<string> {
  const last = (kind: ServerEvent['event']): ServerEvent | undefined =>
    events.entries.findLast(event => event.event === kind && 'connection' in event && event.peer === address);
  const end = (): string | undefined => {
    const [opened, closed] = [last('connection-opened'), last('connection-closed')];
    const same = opened && closed && 'connection' in opened && 'connection' in closed;
    return same && opened.connection === closed.connection && 'reason' in closed ? closed.reason : undefined;
  };
  await events.until(() => end() !== undefined, 'the end of the connection', 30_000);
  const reason = end() ?? '';
  const [, rule] = /^peer broke (.*?): /.exec(reason) ?? [];
  if (rule !== undefined) return `ends, ${rule}`;
  if (reason.startsWith('lost: peer disconnected')) return 'ends';
  return reason === 'closed' ? 'goes on' : reason;
}

// — the page —

interface Row {
  readonly first: number;
  readonly last: number;
  readonly name: string;
  readonly outcomes: readonly string[];
}

async function outcomesOf(server: TestServer, number: number): Promise<Row> {
  const outcomes: string[] = [];
  for (const [, ask] of states) outcomes.push(await ask(server, messageOf(number)));
  return { first: number, last: number, name: names.get(number) ?? '', outcomes };
}

/** Numbers without a name that fare alike share a row. */
function joined(rows: readonly Row[]): Row[] {
  return rows.reduce<Row[]>((all, row) => {
    const before = all.at(-1);
    const alike = before?.name === '' && row.name === '' && before.outcomes.join() === row.outcomes.join();
    return alike ? [...all.slice(0, -1), { ...before, last: row.last }] : [...all, row];
  }, []);
}

const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const tableOf = (rows: readonly Row[]): string[] => [
  lineOf(['number', 'message', ...states.map(([name]) => name)]),
  lineOf(['---', '---', ...states.map(() => '---')]),
  ...joined(rows).map(({ first, last, name, outcomes }) =>
    lineOf([first === last ? `${first}` : `${first}–${last}`, name, ...outcomes].map(cell => cell || '–')),
  ),
];

test('every message number in every state does what docs/hostile-input.md says', async () => {
  const penalties = { enabled: false };
  const server = await startServer({ admission: { startups: { begin: 1_000, full: 1_000 }, penalties } }, echo);
  const rows: Row[] = [];
  for (let number = 0; number < 256; number += 1) rows.push(await outcomesOf(server, number));
  const shown = readFileSync(page, 'utf8').split('\n');
  expect(shown.slice(shown.indexOf(tableOf([])[0]!)).filter(line => line.startsWith('|'))).toEqual(tableOf(rows));
}, 300_000);
