/** Identification and key exchange. */
import { connect, type Socket } from 'node:net';
import { WireReader } from '../../ssh/wire.ts';
import { closeAfterTest } from '../support/cleanup.ts';
import { Journal } from '../support/journal.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import { turns } from '../support/turns.ts';
import { logIn, openSession, readOffer } from './outcomes.ts';
import { patience, type Finding, type Subject } from './subject.ts';

const KIB = 1024;

/** A client that says only what it is told, byte for byte. */
class RawClient {
  readonly socket: Socket;
  bytes = Buffer.alloc(0);
  readonly #subject: Subject;
  readonly #changes = new Journal<never>();
  #closed = false;

  constructor(subject: Subject) {
    const { port } = subject;
    this.#subject = subject;
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    closeAfterTest(() => void this.socket.destroy());
    this.socket.on('data', (data: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, data]);
      this.#changes.wake();
    });
    this.socket.on('error', () => undefined);
    for (const end of ['end', 'close']) this.socket.on(end, () => this.#over());
  }

  /** Each piece is a segment of its own, and the server has read it before the next is sent. */
  async send(...pieces: ReadonlyArray<string | Buffer>): Promise<void> {
    await this.#until(() => this.bytes.includes(0x0a));
    for (const piece of pieces) {
      if (this.#closed) return;
      this.socket.write(piece);
      await this.#untilRead();
    }
  }

  /** Whether the server ends the connection, as far as this client waits. */
  ends(): Promise<boolean> {
    return this.#changes.comes(() => this.#closed, this.#subject.patience);
  }

  /** A server that cannot say what it has read is in this process all the same: it has its turns. */
  async #untilRead(): Promise<void> {
    const { bytesRead } = this.#subject;
    if (!bytesRead) return turns(10);
    while (bytesRead() < this.socket.bytesWritten && !this.#closed) await turns(1);
  }

  #until(predicate: () => boolean): Promise<void> {
    return this.#changes.until(() => predicate() || this.#closed, 'what the server says', patience.long);
  }

  #over(): void {
    this.#closed = true;
    this.#changes.wake();
  }

  /** The payload of the first packet behind the identification: KEXINIT, not encrypted. */
  async kexinit(): Promise<Buffer | undefined> {
    const packet = (): Buffer => this.bytes.subarray(this.bytes.indexOf(0x0a) + 1);
    await this.#until(() => packet().length >= 4 && packet().length >= 4 + packet().readUInt32BE(0));
    return packet().length < 5 ? undefined : packet().subarray(5);
  }
}

async function offerOf(subject: Subject): Promise<ReturnType<typeof readOffer>> {
  const client = new RawClient(subject);
  await client.send('SSH-2.0-test\r\n');
  return readOffer((await client.kexinit())!);
}

export const handshakeFindings: readonly Finding[] = [
  {
    section: '§1.3 ident',
    when: 'the identification comes in three segments',
    scenario: async subject => {
      const client = new RawClient(subject);
      await client.send('SSH-2.0-', 'Foo_1.0', ' comment\r\n');
      return (await client.kexinit()) ? 'the key exchange starts' : 'the connection ends';
    },
    onStock: 'the connection ends',
    onOurs: 'the key exchange starts',
    where: 'ssh/ident.ts',
  },
  {
    section: '§1.3 ident',
    when: '400 KB come without the end of an identification',
    silent: true,
    scenario: async subject => {
      const client = new RawClient(subject);
      await client.send('SSH-', ...Array.from({ length: 50 }, () => Buffer.alloc(8_000, 'x')));
      return (await client.ends()) ? 'the connection ends' : 'the server goes on listening';
    },
    onStock: 'the server goes on listening',
    onOurs: 'the connection ends',
    where: 'ssh/ident.ts',
  },
  {
    section: '§1.2 compression',
    when: 'a client asks which compressions there are',
    scenario: async subject => (await offerOf(subject)).compression.join(),
    onStock: 'none,zlib@openssh.com,zlib',
    onOurs: 'none',
    where: 'ssh/algorithms.ts',
  },
  {
    section: '§1.2 kex',
    when: 'a client likes group exchange best',
    scenario: async ({ port }) => {
      const kex = ['diffie-hellman-group-exchange-sha256', 'curve25519-sha256'];
      return SshPeer.connect(port, { kex }).then(
        () => 'the handshake succeeds',
        () => 'the handshake fails',
      );
    },
    onStock: 'the handshake fails',
    onOurs: 'the handshake succeeds',
    where: 'ssh/algorithms.ts',
  },
  {
    section: '§1.2 host-key algorithms',
    when: 'the host key is RSA',
    behaviour: () => ({ hostKeys: ['rsa'] }),
    scenario: async subject => (await offerOf(subject)).hostKey.join(),
    onStock: 'rsa-sha2-512,rsa-sha2-256,ssh-rsa',
    onOurs: 'rsa-sha2-512,rsa-sha2-256',
    where: 'keys/signature-algorithms.ts',
  },
  {
    section: '§1.2 EXT_INFO',
    when: 'a client looks for rsa-sha2-512 and ecdsa-sha2-nistp521 in server-sig-algs',
    scenario: async subject => {
      const peer = await logIn(subject);
      const extInfo = peer.received.entries.find(payload => payload[0] === 7)!;
      const reader = new WireReader(extInfo, 'EXT_INFO');
      reader.byte();
      reader.uint32();
      if (reader.text() !== 'server-sig-algs') return 'not there';
      const names = reader.nameList();
      return ['rsa-sha2-512', 'ecdsa-sha2-nistp521'].every(name => names.includes(name))
        ? 'both are there'
        : 'not there';
    },
    onStock: 'not there',
    onOurs: 'both are there',
    where: 'ssh/ssh2/packet-link.ts',
  },
  {
    section: '§1.2 rekey',
    when: 'a lot of data has gone under the same keys',
    behaviour: () => ({
      rekeyBytes: 64 * KIB,
      program: async io => {
        for (let i = 0; i < 16; i += 1) await io.write(Buffer.alloc(32 * KIB, 'a'));
        return 0;
      },
    }),
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      channel.sendRequest('shell', false);
      await channel.until('close');
      if (channel.stdout.length !== 512 * KIB) return 'data is lost';
      return peer.exchanges > 1 ? 'new keys are exchanged' : 'the keys stay';
    },
    onStock: 'the keys stay',
    onOurs: 'new keys are exchanged',
    where: 'ssh/ssh2/packet-link.ts',
  },
  {
    section: '§1.2 rekey',
    when: 'a client exchanges keys over and over before it logs in',
    scenario: async subject => {
      const peer = await SshPeer.connect(subject.port);
      for (let i = 0; i < 40 && !peer.closed; i += 1) {
        const before = peer.exchanges;
        peer.rekey();
        await peer.received.until(() => peer.exchanges > before || peer.closed, 'new keys, or the end');
      }
      return peer.closed ? 'the connection ends' : 'the server exchanges keys without end';
    },
    onStock: 'the server exchanges keys without end',
    onOurs: 'the connection ends',
    where: 'ssh/key-exchange-pace.ts',
  },
];
