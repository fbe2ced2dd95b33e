/** Messages as a client would send them, right in themselves, in fields: what mutations begin with. */
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, nameList, string, uint32, type Field } from '../../ssh/wire.ts';
import type { TestKey } from '../support/ssh-keys.ts';
import type { Fields } from './mutations.ts';
import type { Random } from './random.ts';

/** One of many messages of a kind, as `random` has it. */
export type Pool = (random: Random) => Fields;

const { USERAUTH_REQUEST, GLOBAL_REQUEST, CHANNEL_OPEN, CHANNEL_REQUEST, CHANNEL_DATA } = Message;
const NEWKEYS = 21;
const KEX_ECDH_INIT = 30;
const KEX_ECDH_REPLY = 31;
const USERAUTH_INFO_RESPONSE = 61;

const direction = { cipher: 'aes128-gcm@openssh.com', mac: 'hmac-sha2-256-etm@openssh.com' };

/** A KEXINIT that our server agrees to; `ahead` says that a packet is sent on a guess. */
export function kexInit(random: Random, strict: boolean, compression = 'none', ahead = random.chance(0.2)): Fields {
  const kex = ['curve25519-sha256', 'ext-info-c', ...(strict ? ['kex-strict-c-v00@openssh.com'] : [])];
  const { cipher, mac } = direction;
  const lists = [cipher, cipher, mac, mac, compression, compression, '', ''];
  const names = [nameList(kex), string('ssh-ed25519'), ...lists.map(list => string(list))];
  return [byte(Message.KEXINIT), random.bytes(16), ...names, boolean(ahead), uint32(0)];
}

/** A public value: any 32 bytes are one, for X25519. */
export const ecdhInit: Pool = random => [byte(KEX_ECDH_INIT), string(random.bytes(32))];
export const newKeys: Pool = () => [byte(NEWKEYS)];

/** Allowed at any time, in RFC 4253 §11; not so under strict key exchange. */
export const asides: Pool = random =>
  random.pick<Fields>([
    [byte(Message.IGNORE), string(random.bytes(random.below(100)))],
    [byte(Message.UNIMPLEMENTED), uint32(random.below(100))],
    [byte(Message.DEBUG), boolean(true), string('debug'), string('')],
    [byte(Message.EXT_INFO), uint32(1), string('server-sig-algs'), string('ssh-ed25519')],
    [byte(Message.DISCONNECT), uint32(11), string('bye'), string('')],
  ]);

/** Messages of the server's side, of another state, or of nobody. */
export const misplaced: Pool = random =>
  random.pick<Fields>([
    [byte(Message.SERVICE_ACCEPT), string('ssh-userauth')],
    [byte(Message.USERAUTH_FAILURE), string('publickey'), boolean(false)],
    [byte(Message.USERAUTH_SUCCESS)],
    [byte(53), string('banner'), string('')],
    [byte(Message.USERAUTH_PK_OK), string('ssh-ed25519'), string(random.bytes(51))],
    [byte(USERAUTH_INFO_RESPONSE), uint32(1), string('answer')],
    [byte(KEX_ECDH_REPLY), string('key'), string('value'), string('signature')],
    [byte(63), string('token')],
    [byte(Message.REQUEST_SUCCESS)],
    [byte(Message.REQUEST_FAILURE)],
    [byte(Message.CHANNEL_OPEN_CONFIRMATION), uint32(0), uint32(0), uint32(2 ** 20), uint32(32_768)],
    [byte(Message.CHANNEL_OPEN_FAILURE), uint32(0), uint32(1), string('no'), string('')],
    [byte(Message.CHANNEL_SUCCESS), uint32(0)],
    [byte(Message.CHANNEL_FAILURE), uint32(0)],
    [byte(random.below(256)), random.bytes(random.below(40))],
    newKeys(random),
    ecdhInit(random),
    kexInit(random, true),
  ]);

export const serviceRequests: Pool = random => [
  byte(Message.SERVICE_REQUEST),
  string(random.pick(['ssh-userauth', 'ssh-connection', 'nobody'])),
];

// — login —

const login = (user: string, method: string, ...fields: readonly Field[]): Fields => [
  ...[byte(USERAUTH_REQUEST), string(user), string('ssh-connection'), string(method)],
  ...fields,
];

/** Every method that there is, by `user`; `signed` is a login that would succeed as it is. */
export const logins =
  (user: string, key: TestKey, signed: Fields): Pool =>
  random =>
    random.pick<Fields>([
      signed,
      signed,
      login(user, 'none'),
      login(user, 'publickey', boolean(false), string(key.type), string(key.blob)),
      login(user, 'publickey', boolean(false), string('rsa-sha2-512'), string(key.blob)),
      login(user, 'publickey-hostbound-v00@openssh.com', boolean(true), string(key.type), string(key.blob)),
      login(user, 'password', boolean(false), string('secret')),
      login(user, 'password', boolean(true), string('secret'), string('new secret')),
      login(user, 'keyboard-interactive', string(''), string('')),
      login(user, 'hostbased', string(key.type), string(key.blob), string('host'), string('me'), string('signature')),
      login(user, 'gssapi-with-mic', uint32(1), string(Buffer.from('06092a864886f71201020', 'latin1'))),
      login('somebody else', 'none'),
      [byte(USERAUTH_INFO_RESPONSE), uint32(1), string('answer')],
    ]);

// — the connection —

const open = (random: Random, type: string, ...more: readonly Field[]): Fields => [
  ...[byte(CHANNEL_OPEN), string(type), uint32(random.below(8))],
  ...[uint32(random.pick([0, 1, 100_000, 2 ** 32 - 1])), uint32(random.pick([0, 1, 32_768, 2 ** 32 - 1]))],
  ...more,
];

const opens: Pool = random =>
  random.pick<Fields>([
    open(random, 'session'),
    open(random, 'session'),
    open(random, 'direct-tcpip', string('localhost'), uint32(22), string('localhost'), uint32(70_000)),
    open(random, 'forwarded-tcpip', string('localhost'), uint32(22), string('localhost'), uint32(1)),
    open(random, 'x11', string('localhost'), uint32(6_000)),
    open(random, 'auth-agent@openssh.com'),
    open(random, 'constructor'),
  ]);

const global = (type: string, wantReply: boolean, ...more: readonly Field[]): Fields => [
  ...[byte(GLOBAL_REQUEST), string(type), boolean(wantReply)],
  ...more,
];

const globals: Pool = random =>
  random.pick<Fields>([
    global('tcpip-forward', true, string(''), uint32(0)),
    global('cancel-tcpip-forward', true, string(''), uint32(22)),
    global('streamlocal-forward@openssh.com', true, string('/tmp/socket')),
    global('keepalive@openssh.com', true),
    global('hostkeys-prove-00@openssh.com', true, string(random.bytes(51))),
    global('no-more-sessions@openssh.com', random.chance(0.5)),
    global('__proto__', random.chance(0.5)),
  ]);

const size = (random: Random): Field[] => [80, 24, 0, random.below(1_000)].map(uint32);
const modes = (random: Random): Field => string(Buffer.concat([byte(53), uint32(random.below(2)), byte(0)]));

/** What may be asked on a session. */
const asked = (random: Random): readonly [type: string, ...fields: Field[]] =>
  random.pick<readonly [string, ...Field[]]>([
    ['pty-req', string('xterm'), ...size(random), modes(random)],
    ['env', string('LANG'), string('C.UTF-8')],
    ['shell'],
    ['exec', string('status')],
    ['subsystem', string('sftp')],
    ['window-change', ...size(random)],
    ['signal', string('INT')],
    ['break', uint32(500)],
    ['x11-req', boolean(false), string('MIT-MAGIC-COOKIE-1'), string('00'), uint32(0)],
    ['auth-agent-req@openssh.com'],
    ['exit-status', uint32(0)],
    ['eow@openssh.com'],
    ['toString'],
  ]);

/** A fuzzed connection opens two channels; now and then another is meant, which may not be there. */
const channel = (random: Random): Field => uint32(random.chance(0.95) ? random.below(2) : random.below(8));

const about: Pool = random => {
  const [type, ...fields] = asked(random);
  const whole = channel(random);
  return random.pick<Fields>([
    [byte(CHANNEL_REQUEST), whole, string(type), boolean(random.chance(0.7)), ...fields],
    [byte(CHANNEL_REQUEST), whole, string(type), boolean(random.chance(0.7)), ...fields],
    [byte(CHANNEL_DATA), whole, string(random.bytes(random.below(200)))],
    [byte(Message.CHANNEL_EXTENDED_DATA), whole, uint32(1), string(random.bytes(random.below(200)))],
    [byte(Message.CHANNEL_WINDOW_ADJUST), whole, uint32(random.pick([0, 1, 2 ** 20, 2 ** 31]))],
    [byte(random.pick([Message.CHANNEL_EOF, Message.CHANNEL_EOF, Message.CHANNEL_CLOSE])), whole],
  ]);
};

/** Everything that a client may say once it has logged in. */
export const connection: Pool = random => random.pick([about, about, about, about, opens, globals])(random);
