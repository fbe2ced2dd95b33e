/** Telnet with its peer played by hand, or with another of ours, and everything that is heard written down. */
import type { IProtocol } from '../../../transport/contracts.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import type { ITelnetProtocol, ITelnetTransport, TelnetEvent } from '../../../transport/telnet/contracts.ts';
import type { TelnetOptions } from '../../../transport/telnet/options.ts';
import { fromTelnet } from '../../../transport/telnet/telnet.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { HalfCloseableRecorder, type Reactions } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';

export interface TelnetReactions extends Reactions {
  readonly telnetReceived?: (event: TelnetEvent) => void;
}

/** What was heard in order: events, and the data between them as latin1 text. */
export type Heard = TelnetEvent | string;

export class TelnetRecorder extends HalfCloseableRecorder implements ITelnetProtocol {
  /** What was heard, call by call. */
  readonly log: Heard[] = [];
  readonly #telnetReceived: ((event: TelnetEvent) => void) | undefined;

  constructor(reactions: TelnetReactions = {}) {
    super(reactions);
    this.#telnetReceived = reactions.telnetReceived;
  }

  override dataReceived(data: Uint8Array): void {
    this.log.push(Buffer.from(data).toString('latin1'));
    super.dataReceived(data);
  }

  telnetReceived(event: TelnetEvent): void {
    this.log.push(event);
    this.note('telnetReceived', () => this.#telnetReceived?.(event));
  }

  /** What was heard, however the data was cut. */
  get heard(): Heard[] {
    return this.log.reduce<Heard[]>((heard, each) => {
      const before = heard.at(-1);
      if (typeof before !== 'string' || typeof each !== 'string') return [...heard, each];
      return [...heard.slice(0, -1), before + each];
    }, []);
  }

  /** The events without the data. */
  get events(): TelnetEvent[] {
    return this.log.filter(each => typeof each !== 'string');
  }
}

export const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
export const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Enough for anything to go through a loopback, up to telnet, and its answer back. */
export const settle = (): Promise<void> => turns(8);

export interface Played<P extends IProtocol> {
  readonly near: P;
  readonly transport: ITelnetTransport;
  /** The peer that the test plays: raw bytes. */
  readonly peer: HalfCloseableRecorder;
  /** The peer sends these bytes; resolves when they have been dealt with. */
  readonly receive: (data: Uint8Array) => Promise<void>;
  /** What went out since the last call, in hexadecimal. */
  readonly sent: () => string;
}

/** `near` over telnet, with the test as its peer. */
export function played<P extends IProtocol>(near: P, options: TelnetOptions = {}): Played<P> {
  const peer = new HalfCloseableRecorder();
  const [below] = loopback(undefined, peer);
  const transport = fromTelnet(below, near, options);
  closeAfterTest(() => transport.abortConnection());
  let seen = 0;
  const sent = (): string => {
    const since = peer.bytes.subarray(seen);
    seen += since.length;
    return since.toString('hex');
  };
  const receive = (data: Uint8Array): Promise<void> => {
    peer.transport.write(data);
    return settle();
  };
  return { near, transport, peer, receive, sent };
}

/** Two ends of ours. */
export function joined(
  near: IProtocol,
  far: IProtocol,
  nearOptions: TelnetOptions = {},
  farOptions: TelnetOptions = {},
): readonly [ITelnetTransport, ITelnetTransport] {
  const [left, right] = loopback();
  const ends = [fromTelnet(left, near, nearOptions), fromTelnet(right, far, farOptions)] as const;
  closeAfterTest(() => ends[0].abortConnection());
  return ends;
}
