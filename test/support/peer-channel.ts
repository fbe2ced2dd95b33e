/** The client's end of one channel: what came is kept apart by kind, and every step can be taken by hand. RFC 4254 §5. */
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, string, uint32, WireReader, type Field } from '../../ssh/wire.ts';
import { Journal } from './journal.ts';
import { PATIENCE } from './patience.ts';

export interface PeerChannelOptions {
  /** Bytes that the server may send. @default 2 MiB */
  readonly window?: number;
  readonly maxPacket?: number;
  /** Grant window only with `grant`. @default false: what arrived is granted again at once */
  readonly manual?: boolean;
}

export class PeerChannel {
  readonly localId: number;
  remoteId = -1;
  /** Initial window and largest packet that the server takes. */
  remoteWindow = 0;
  remoteMaxPacket = 0;
  /** What happened, in order: `data 5`, `stderr 3`, `exit-status 0`, `eof`, `close`, `success`, `failure`, `grant n` … */
  readonly events = new Journal<string>();
  readonly #send: (...fields: Field[]) => void;
  readonly #options: Required<PeerChannelOptions>;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  #replies = 0;
  #closeSent = false;

  constructor(send: (...fields: Field[]) => void, localId: number, options: PeerChannelOptions = {}) {
    this.#send = send;
    this.localId = localId;
    this.#options = { window: 2 ** 21, maxPacket: 32_768, manual: false, ...options };
  }

  get stdout(): Buffer {
    const whole = Buffer.concat(this.#stdout);
    this.#stdout.splice(0, this.#stdout.length, whole);
    return whole;
  }

  /** `stdout` so far, which is forgotten, and the events of its pieces with it: a channel may live for hours. */
  takeStdout(): Buffer {
    const whole = this.stdout;
    this.#stdout.length = 0;
    this.events.entries.splice(0, Infinity, ...this.milestones);
    return whole;
  }

  get stderr(): Buffer {
    return Buffer.concat(this.#stderr);
  }

  /** What is behind the type in an open message. */
  get openFields(): Field[] {
    return [uint32(this.localId), uint32(this.#options.window), uint32(this.#options.maxPacket)];
  }

  /** Resolves when the server has opened the channel; rejects with its reason if it does not. */
  async opened(deadline?: number): Promise<this> {
    await this.events.until(() => this.events.entries.length > 0, 'the channel to open', deadline);
    const [first = ''] = this.events.entries;
    if (first !== 'opened') throw new Error(first);
    return this;
  }

  /** Send a request. With a reply wanted, resolves to `success`, `failure`, or `nothing` at the deadline. */
  async request(type: string, fields: readonly Field[] = [], deadline = PATIENCE): Promise<string> {
    const index = this.#replies++;
    this.sendRequest(type, true, ...fields);
    await this.events.comes(() => this.#answers.length > index || this.has('lost'), deadline);
    return this.#answers[index] ?? 'nothing';
  }

  sendRequest(type: string, wantReply: boolean, ...fields: readonly Field[]): void {
    this.tell(Message.CHANNEL_REQUEST, string(type), boolean(wantReply), ...fields);
  }

  /** One message about this channel. */
  tell(number: number, ...fields: readonly Field[]): void {
    this.#send(byte(number), uint32(this.remoteId), ...fields);
  }

  data(bytes: Uint8Array | string): void {
    this.tell(Message.CHANNEL_DATA, string(bytes));
  }

  eof(): void {
    this.tell(Message.CHANNEL_EOF);
  }

  close(): void {
    if (this.#closeSent) return;
    this.#closeSent = true;
    this.tell(Message.CHANNEL_CLOSE);
  }

  grant(bytes: number): void {
    this.tell(Message.CHANNEL_WINDOW_ADJUST, uint32(bytes));
  }

  has(event: string): boolean {
    return this.events.entries.includes(event);
  }

  /** Events but for data and grants. */
  get milestones(): string[] {
    return this.events.entries.filter(event => !/^(data|stderr|grant) /.test(event));
  }

  until(event: string, deadline?: number): Promise<void> {
    return this.events.until(() => this.has(event), event, deadline);
  }

  messageReceived(number: number, payload: Buffer): void {
    const reader = new WireReader(payload, `message ${number}`);
    reader.byte();
    reader.uint32();
    this.events.note(this.#receive(number, reader));
    if (number === Message.CHANNEL_CLOSE) this.close();
  }

  connectionLost(): void {
    this.events.note('lost');
  }

  get #answers(): string[] {
    return this.events.entries.filter(event => event === 'success' || event === 'failure');
  }

  #receive(number: number, reader: WireReader): string {
    switch (number) {
      case Message.CHANNEL_OPEN_CONFIRMATION:
        [this.remoteId, this.remoteWindow, this.remoteMaxPacket] = [reader.uint32(), reader.uint32(), reader.uint32()];
        return 'opened';
      case Message.CHANNEL_OPEN_FAILURE:
        return `refused ${reader.uint32()}: ${reader.text()}`;
      case Message.CHANNEL_DATA:
        return `data ${this.#take(this.#stdout, reader)}`;
      case Message.CHANNEL_EXTENDED_DATA:
        reader.uint32();
        return `stderr ${this.#take(this.#stderr, reader)}`;
      case Message.CHANNEL_REQUEST:
        return requestText(reader);
      default:
        return names[number] ?? `grant ${reader.uint32()}`;
    }
  }

  #take(into: Buffer[], reader: WireReader): number {
    const bytes = reader.string();
    into.push(bytes);
    if (!this.#options.manual && bytes.length > 0 && !this.has('close')) this.grant(bytes.length);
    return bytes.length;
  }
}

const names: Readonly<Record<number, string>> = {
  [Message.CHANNEL_EOF]: 'eof',
  [Message.CHANNEL_CLOSE]: 'close',
  [Message.CHANNEL_SUCCESS]: 'success',
  [Message.CHANNEL_FAILURE]: 'failure',
};

function requestText(reader: WireReader): string {
  const type = reader.text();
  reader.boolean();
  if (type === 'exit-status') return `${type} ${reader.uint32()}`;
  return type === 'exit-signal' ? `${type} ${reader.text()}` : type;
}
