/** A chat room that knows nothing of transports: what one guest says, all the others hear. */
import type { CloseReason, IProtocol, IStreamTransport } from 'nacre/transport';

/** A line longer than this is no chat. */
const MAX_LINE = 1_024;

export class Room {
  readonly #guests = new Set<Guest>();
  #count = 0;

  /** Somebody at this door: the protocol to give to a connection. */
  guest(door: string): Guest {
    this.#count += 1;
    return new Guest(this, `${door}-${this.#count}`);
  }

  come(guest: Guest): void {
    const others = [...this.#guests].map(({ name }) => name).join(', ');
    guest.tell(`* you are ${guest.name}; here: ${others || 'nobody else'}; say something, or /quit`);
    this.say(`* ${guest.name} came in`, guest);
    this.#guests.add(guest);
  }

  leave(guest: Guest): void {
    if (this.#guests.delete(guest)) this.say(`* ${guest.name} left`, guest);
  }

  close(): void {
    for (const guest of this.#guests) guest.sendAway('* the room is closed');
  }

  say(line: string, from: Guest): void {
    for (const guest of this.#guests) if (guest !== from) guest.tell(line);
  }
}

export class Guest implements IProtocol {
  readonly name: string;
  /** Resolves when the guest's connection has ended. */
  readonly gone: Promise<void>;
  #tellGone = (): void => undefined;
  readonly #room: Room;
  readonly #decoder = new TextDecoder();
  #transport: IStreamTransport | undefined;
  #line = '';

  constructor(room: Room, name: string) {
    this.#room = room;
    this.name = name;
    this.gone = new Promise(resolve => (this.#tellGone = resolve));
  }

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
    this.#room.come(this);
  }

  dataReceived(data: Uint8Array): void {
    const lines = (this.#line + this.#decoder.decode(data, { stream: true })).split('\n');
    this.#line = lines.pop()?.slice(0, MAX_LINE) ?? '';
    for (const line of lines) this.#heard(line.slice(0, MAX_LINE));
  }

  connectionLost(_reason: CloseReason): void {
    this.#transport = undefined;
    this.#room.leave(this);
    this.#tellGone();
  }

  tell(line: string): void {
    this.#transport?.write(Buffer.from(`${line}\n`));
  }

  sendAway(line: string): void {
    this.tell(line);
    this.#transport?.loseConnection();
  }

  /** What a guest types must not move the cursors of the others: control characters go. */
  #heard(line: string): void {
    const said = line.replace(/\p{Cc}/gu, '');
    if (said === '/quit') this.#transport?.loseConnection();
    else if (said !== '') this.#room.say(`${this.name}: ${said}`, this);
  }
}
