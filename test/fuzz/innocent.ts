/** A session that has done nothing: what it sends comes back whole, whatever goes on at other connections. */
import type { Handler } from '../../server/session.ts';
import type { IProtocol, IStreamTransport } from '../../transport/contracts.ts';
import { userKey } from '../support/nacre-server.ts';
import type { PeerChannel } from '../support/peer-channel.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import type { Random } from './random.ts';

/** Sends back what it gets, until its connection ends; a command `status` ends at once. */
export const echo: Handler = async session => {
  session.attach({ signal: () => true, resize: () => undefined });
  if (session.request?.kind === 'exec') return;
  await new Promise<void>(resolve => session.channel.start(new Echo(resolve)));
};

class Echo implements IProtocol {
  #transport: IStreamTransport | undefined;
  readonly connectionLost: () => void;

  constructor(ended: () => void) {
    this.connectionLost = ended;
  }

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
  }

  dataReceived(data: Uint8Array): void {
    this.#transport?.write(data);
  }
}

export class Innocent {
  readonly #peer: SshPeer;
  readonly #channel: PeerChannel;
  /** Since the last check, which was right. */
  #sent: Buffer[] = [];

  private constructor(peer: SshPeer, channel: PeerChannel) {
    this.#peer = peer;
    this.#channel = channel;
  }

  static async start(port: number): Promise<Innocent> {
    const peer = await SshPeer.login(port, userKey);
    const channel = await peer.openSession();
    channel.sendRequest('shell', false);
    return new Innocent(peer, channel);
  }

  /** Where its server sees it. */
  get address(): string {
    return `127.0.0.1:${this.#peer.socket.localPort}`;
  }

  /** A few bytes more, on their way while others are fuzzing. */
  say(random: Random): void {
    const bytes = random.bytes(16);
    this.#sent.push(bytes);
    this.#channel.data(bytes);
  }

  /** Resolves to what went wrong, if anything did, once all that was sent should have come back. */
  async check(): Promise<string | undefined> {
    const sent = Buffer.concat(this.#sent);
    this.#sent = [];
    const back = (): boolean => this.#channel.stdout.length >= sent.length;
    const came = await this.#channel.events.comes(back, 60_000);
    if (!came) return `the innocent session waits for ${sent.length - this.#channel.stdout.length} bytes`;
    return sent.equals(this.#channel.takeStdout()) ? undefined : 'the innocent session got other bytes back';
  }

  async leave(): Promise<void> {
    this.#peer.socket.end();
    await this.#peer.gone();
  }
}
