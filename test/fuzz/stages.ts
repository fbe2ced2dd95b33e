/**
 * The stages of a connection, each with what a hostile client does there: everything by the book up to the stage, and
 * then messages that are spoiled, misplaced, doubled or in the wrong order.
 */
import { connect, type Socket } from 'node:net';
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, message, string, uint32 } from '../../ssh/wire.ts';
import { closeAfterTest } from '../support/cleanup.ts';
import { userKey } from '../support/nacre-server.ts';
import { SshPeer, type PeerOptions } from '../support/ssh-peer.ts';
import * as messages from './messages.ts';
import type { Pool } from './messages.ts';
import { flipBits, mutate, type Fields } from './mutations.ts';
import { payloadOf, plainPacket } from '../support/plain-packet.ts';
import { QuickPackets } from './quick-packets.ts';
import type { Random } from './random.ts';

/** One connection that is fuzzed. */
export interface Case {
  readonly port: number;
  readonly random: Random;
  /** A connection has been made: whoever runs the case has to know its server's side, and what it answers. */
  readonly connected: (socket: Socket, peer?: SshPeer) => void;
  /** Something spoiled goes out. */
  readonly spoiled: (how: string, bytes: Uint8Array) => void;
}

export interface Stage {
  readonly name: string;
  /** Of all connections, how many times as many come here as to the rarest stage. */
  readonly share: number;
  /** Resolves when the client has no more to say; its socket may still be open. */
  readonly play: (test: Case) => Promise<void>;
}

/** Known to nobody, so the answer to it is UNIMPLEMENTED: then everything before it has been dealt with. */
const PROBE = 191;
/** How long an answer to it may take on a machine that is busy, in milliseconds. */
const PATIENCE = 60_000;

export const stages: readonly Stage[] = [
  { name: 'identification', share: 1, play: identification },
  { name: 'packets without keys', share: 1, play: plainPackets },
  { name: 'key exchange', share: 1, play: keyExchange },
  { name: 'service request', share: 1, play: serviceRequest },
  { name: 'login', share: 3, play: login },
  { name: 'channels', share: 5, play: channels },
  { name: 'rekey, by the book', share: 2, play: rekey },
  { name: 'rekey, by hand', share: 1, play: rekeyByHand },
  { name: 'sealed bytes', share: 1, play: sealedBytes },
];

const shares: readonly Stage[] = stages.flatMap(stage => Array.from({ length: stage.share }, () => stage));

/** Stages take turns. */
export const stageOf = (number: number): Stage => shares[number % shares.length]!;

// — before there are keys —

async function identification(test: Case): Promise<void> {
  const { random } = test;
  const socket = await dial(test);
  const line = Buffer.from(
    random.pick([
      ...['SSH-2.0-client\r\n', 'SSH-2.0-client\n', 'SSH-1.99-old\r\n', 'SSH-1.5-older\r\n', 'SSH-2.0-\r\n', '\r\n'],
      ...[
        'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
        'PROXY TCP4 1.2.3.4 1.2.3.4 1 22\r\nSSH-2.0-x\r\n',
        '\u0016\u0003\u0001',
      ],
      ...[
        `SSH-2.0-${'x'.repeat(random.between(200, 400))}\r\n`,
        'hello\r\nSSH-2.0-client\r\n',
        'SSH-2.0-a b c \u001b[2J\n',
      ],
    ]),
  );
  const { how, payload } = mutate([line, random.bytes(random.below(20))], random);
  test.spoiled(how, payload);
  for (const piece of pieces(payload, random)) socket.write(piece);
  socket.end();
}

/** Framed by hand: lengths and padding can be wrong as well, and key exchange need not be strict. */
async function plainPackets(test: Case): Promise<void> {
  const { random } = test;
  const socket = await dial(test);
  const strict = random.chance(0.5);
  const book = [
    messages.kexInit(random, strict, random.pick(['none', 'none', 'zlib'])),
    messages.ecdhInit(random),
    messages.newKeys(random),
  ];
  const reached = random.pick([0, 1, 1, 2, 3]);
  const next = random.pick<Pool>([
    () => book[reached] ?? messages.newKeys(random),
    messages.asides,
    messages.misplaced,
  ]);
  const { how, payload } = mutate(next(random), random);
  const packet = random.chance(0.4) ? spoilFrame(plainPacket(payload), random) : plainPacket(payload);
  const before = book.slice(0, reached).map(fields => plainPacket(message(...fields)));
  const after = book.slice(reached).map(fields => plainPacket(message(...fields)));
  test.spoiled(how, packet);
  const stream = Buffer.concat([Buffer.from('SSH-2.0-fuzzer\r\n'), ...before, packet, ...after]);
  for (const piece of pieces(stream, random)) socket.write(piece);
  socket.end();
}

/** The engine exchanges keys, but one of its packets is spoiled, doubled, left out, or has another before it. */
async function keyExchange(test: Case): Promise<void> {
  const { random } = test;
  // The packets of the client: 0 is its identification, then KEXINIT, its public value, NEWKEYS.
  const target = random.pick([1, 2, 2, 3, 3]);
  let written = 0;
  const tamper = (packet: Buffer): readonly Uint8Array[] => {
    if (written++ !== target) return [packet];
    const spoiled = spoilExchange(payloadOf(packet), random);
    test.spoiled('key exchange', message(...spoiled));
    setImmediate(() => peer.socket.end());
    return spoiled.map(plainPacket);
  };
  const peer = SshPeer.start(test.port, { tamper, packets });
  peer.socket.once('connect', () => test.connected(peer.socket, peer));
  await peer.gone(PATIENCE);
}

function spoilExchange(payload: Buffer, random: Random): Buffer[] {
  const other = message(...random.pick([messages.asides, messages.misplaced])(random));
  const { payload: spoiled } = mutate([payload.subarray(0, 1), payload.subarray(1)], random);
  return random.pick([[spoiled], [spoiled], [payload, payload], [other, payload], [payload, other], [other]]);
}

// — under keys —

async function serviceRequest(test: Case): Promise<void> {
  const peer = await exchanged(test);
  const pool: Pool = random => random.pick([messages.serviceRequests, messages.asides, messages.misplaced])(random);
  await sendAll(test, peer, pool, test.random.between(1, 10));
}

/** The signed login is never sent as it is, so nobody may get in. */
async function login(test: Case): Promise<void> {
  const peer = await exchanged(test);
  await peer.requestService();
  const signed = signedLogin(peer);
  const logins = messages.logins('user', userKey, signed);
  const pool: Pool = random =>
    random.pick([logins, logins, logins, logins, messages.misplaced, messages.asides, messages.serviceRequests])(
      random,
    );
  await sendAll(test, peer, pool, test.random.between(1, 12), signed);
}

async function channels(test: Case): Promise<void> {
  const peer = await loggedIn(test);
  await sendAll(test, peer, anything, test.random.between(1, 60));
}

/** Key exchanges in the middle, by the engine, and now and then something said during one. */
async function rekey(test: Case): Promise<void> {
  const { random } = test;
  const peer = await loggedIn(test);
  for (let left = random.between(1, 3); left > 0 && !peer.closed; left -= 1) {
    await sendAll(test, peer, anything, random.below(4));
    if (peer.closed) break;
    const before = peer.exchanges;
    peer.rekey();
    if (random.chance(0.5)) sendSpoiled(test, peer, random.pick([anything, messages.asides, messages.misplaced]), true);
    await peer.received.until(() => peer.closed || peer.exchanges > before, 'new keys', PATIENCE);
  }
  await sendAll(test, peer, anything, random.below(8));
}

/** The client's side of a key exchange without its engine: any message, in any order, before login or behind it. */
async function rekeyByHand(test: Case): Promise<void> {
  const { random } = test;
  const { peer, pool } = await underKeys(test);
  peer.passive = true;
  const book = [messages.kexInit(random, random.chance(0.5)), messages.ecdhInit(random), messages.newKeys(random)];
  const reached = random.below(3);
  const next = random.pick<Pool>([() => book[reached]!, () => book[reached]!, pool, messages.misplaced]);
  peer.socket.cork();
  for (const fields of book.slice(0, reached)) peer.send(...fields);
  sendSpoiled(test, peer, next);
  for (const fields of book.slice(reached)) peer.send(...fields);
  peer.socket.uncork();
  await probed(peer, random.chance(0.5));
}

/** Good packets, and then the sealed bytes of one are damaged on their way. */
async function sealedBytes(test: Case): Promise<void> {
  const { random } = test;
  let damaging = false;
  const tamper = (packet: Buffer): readonly Uint8Array[] => {
    if (!damaging) return [packet];
    damaging = false;
    const damaged = damage(packet, random);
    test.spoiled('sealed bytes', message(...damaged));
    return damaged;
  };
  const cipher = [random.pick(['aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes256-ctr'])];
  const { peer, pool } = await underKeys(test, { tamper, cipher });
  damaging = true;
  for (let left = 3; left > 0; left -= 1) peer.send(...pool(random));
}

function damage(packet: Buffer, random: Random): Uint8Array[] {
  const at = random.below(packet.length);
  return random.pick([
    () => [flipBits(Buffer.from(packet), random, random.between(1, 3))],
    () => [packet.subarray(0, at)],
    () => [packet, packet],
    () => [random.bytes(random.between(1, 64)), packet],
    () => [packet.subarray(at), packet.subarray(0, at)],
  ])();
}

// — helpers —

/** Mostly what may be said, or nobody would get far. */
const anything: Pool = random =>
  random.chance(0.85) ? messages.connection(random) : random.pick([messages.asides, messages.misplaced])(random);

const packets = (...given: ConstructorParameters<typeof QuickPackets>): QuickPackets => new QuickPackets(...given);

async function dial(test: Case): Promise<Socket> {
  const socket = connect({ port: test.port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  socket.on(
    'close',
    closeAfterTest(() => void socket.destroy()),
  );
  socket.resume();
  await new Promise<void>(resolve => socket.once('connect', resolve));
  test.connected(socket);
  return socket;
}

async function exchanged(test: Case, options: PeerOptions = {}): Promise<SshPeer> {
  const peer = await SshPeer.connect(test.port, { ...options, packets });
  test.connected(peer.socket, peer);
  return peer;
}

/** With keys, and with a login or without: what is sealed is opened by the same code, but means other things. */
async function underKeys(test: Case, options?: PeerOptions): Promise<{ readonly peer: SshPeer; readonly pool: Pool }> {
  if (test.random.chance(0.3)) return { peer: await loggedIn(test, options), pool: anything };
  const peer = await exchanged(test, options);
  return { peer, pool: random => random.pick([messages.serviceRequests, messages.asides, messages.misplaced])(random) };
}

/** With a session that mostly runs, and another that has not started. */
async function loggedIn(test: Case, options?: PeerOptions): Promise<SshPeer> {
  const peer = await exchanged(test, options);
  await peer.requestService();
  peer.send(...signedLogin(peer));
  await peer.expect(Message.USERAUTH_SUCCESS);
  const window = test.random.pick([0, 100_000, 2 ** 32 - 1]);
  const opening = peer.openSession({ window, maxPacket: test.random.pick([1, 32_768]) });
  const [session] = await Promise.all([opening, peer.openSession()]);
  if (test.random.chance(0.7)) session.sendRequest('shell', false);
  return peer;
}

function signedLogin(peer: SshPeer): Fields {
  const who = [byte(Message.USERAUTH_REQUEST), string('user'), string('ssh-connection'), string('publickey')];
  const request = [...who, boolean(true), string(userKey.type), string(userKey.blob)];
  const signature = userKey.sign(userKey.type, message(string(peer.sessionId), ...request));
  return [...request, string(signature)];
}

/** Up to so many messages, most of them spoiled, some of them several at once; `never` is not sent as it is. */
async function sendAll(test: Case, peer: SshPeer, pool: Pool, count: number, never?: Fields): Promise<void> {
  const { random } = test;
  for (let left = count; left > 0 && !peer.closed; left -= 1) {
    for (let together = random.pick([1, 1, 1, 2, 4]); together > 0; together -= 1) {
      const fields = pool(random);
      if (fields !== never && random.chance(0.3)) repeat(peer, fields, random);
      else sendSpoiled(test, peer, () => fields, false, never);
    }
    await probed(peer, false);
  }
}

/** As it is, once or twice. */
function repeat(peer: SshPeer, fields: Fields, random: Random): void {
  for (let left = random.pick([1, 1, 2]); left > 0; left -= 1) peer.send(...fields);
}

function sendSpoiled(test: Case, peer: SshPeer, pool: Pool, now = false, never?: Fields): void {
  const { how, payload } = mutate(pool(test.random), test.random);
  if (never && message(...never).equals(payload)) return;
  test.spoiled(how, payload);
  if (now) peer.sendNow(payload);
  else peer.send(payload);
}

/** Everything sent so far has been dealt with, or the connection is over, or keys are being exchanged. */
async function probed(peer: SshPeer, now: boolean): Promise<void> {
  if (peer.closed || peer.exchangingKeys || peer.passive) return;
  const answer = message(byte(Message.UNIMPLEMENTED), uint32(peer.nextSequence));
  if (now) peer.sendNow(Uint8Array.of(PROBE));
  else peer.send(byte(PROBE));
  const there = (): boolean => peer.received.entries.findLast(payload => payload[0] === 3)?.equals(answer) ?? false;
  await peer.received.until(() => peer.closed || peer.exchangingKeys || there(), 'the answer to a probe', PATIENCE);
}

function spoilFrame(packet: Buffer, random: Random): Buffer {
  const edges = [
    0,
    1,
    4,
    5,
    12,
    packet.length - 3,
    packet.length + 4,
    35_000,
    35_001,
    256 * 1024,
    256 * 1024 + 1,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 - 1,
  ];
  if (random.chance(0.4)) packet.writeUInt32BE(random.pick(edges));
  else if (random.chance(0.5))
    packet[4] = random.pick([0, 1, 3, 255, packet.length - 5, packet.length - 4].map(n => n & 255));
  else flipBits(packet, random, 3);
  return packet;
}

function pieces(bytes: Buffer, random: Random): Buffer[] {
  const cut = random.below(bytes.length + 1);
  return random.chance(0.5) ? [bytes] : [bytes.subarray(0, cut), bytes.subarray(cut)];
}
