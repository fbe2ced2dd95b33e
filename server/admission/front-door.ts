/**
 * The front door: from an accepted connection to a protocol for it. A proxy's header is read first, so that everything
 * after it sees the client; then admission decides; who is refused is told why, if that is cheap.
 *
 * No SSH here: nobody who is refused has cost us a key exchange.
 */
import { addressText, type Address } from '../../transport/address.ts';
import { closeReasonText } from '../../transport/close-reason.ts';
import type { IProtocol } from '../../transport/contracts.ts';
import { proxyProtocol, type ProxyProtocol } from '../../transport/sockets/proxy-protocol.ts';
import type { ServerEvent } from '../events.ts';
import { Admission, type AdmissionContext, type Place } from './admission.ts';
import { NetworkList } from './networks.ts';
import type { ResolvedAdmission } from './options.ts';
import type { ProxyOptions } from './proxy-options.ts';
import { RefusalLog } from './refusal-log.ts';
import { refusalLine, type Refusal } from './refusals.ts';

/** Who has been admitted. */
export interface Visitor {
  readonly peer: Address;
  /** The proxy that it came through, as text. */
  readonly proxy: string | undefined;
  readonly place: Place;
}

export interface FrontDoorContext extends Pick<AdmissionContext, 'random' | 'now'> {
  readonly report: (event: ServerEvent) => void;
  readonly welcome: (visitor: Visitor) => IProtocol;
}

/** Connections that may be told at one time why they are refused; others are reset. */
const MAX_FAREWELLS = 100;

export class FrontDoor {
  readonly #context: FrontDoorContext;
  readonly #maxConnections: number;
  readonly #proxy: ProxyOptions;
  readonly #trusted: NetworkList;
  readonly #admission: Admission;
  readonly #log: RefusalLog;
  /** Connections whose header has not come yet. */
  readonly #reading = new Set<ProxyProtocol>();
  #farewells = 0;

  constructor(admission: ResolvedAdmission, proxy: ProxyOptions, context: FrontDoorContext) {
    const { report, random, now } = context;
    this.#context = context;
    this.#maxConnections = admission.maxConnections;
    this.#proxy = proxy;
    this.#trusted = new NetworkList('proxyProtocol.trusted', proxy.mode === 'off' ? [] : proxy.trusted);
    this.#log = new RefusalLog(report);
    this.#admission = new Admission(
      admission,
      {
        random,
        now,
        penalised: (source, { cause, left }) =>
          report({ event: 'source-penalised', level: 'warn', source, cause, penaltyMs: Math.ceil(left) }),
      },
      [this.#trusted],
    );
  }

  /** The protocol for a connection from `peer`; undefined to reset it. */
  receive(peer: Address): IProtocol | undefined {
    const { mode } = this.#proxy;
    const trusted = peer.kind === 'tcp' && this.#trusted.has(peer.host);
    if (trusted) return this.#readHeader(peer);
    return mode === 'required' ? this.#refuse(peer, { reason: 'proxy-untrusted' }) : this.#admit(peer);
  }

  /** Drop whom nobody has been asked about yet, and say what was counted. */
  close(): void {
    const reading = [...this.#reading];
    this.#reading.clear();
    for (const protocol of reading) protocol.abort();
    this.#log.close();
  }

  #readHeader(proxy: Address): IProtocol | undefined {
    const { mode, timeout } = this.#proxy;
    const taken = this.#reading.size + this.#admission.connections;
    if (this.#maxConnections > 0 && taken >= this.#maxConnections)
      return this.#refuse(proxy, { reason: 'connections' });
    const name = addressText(proxy);
    const protocol: ProxyProtocol = proxyProtocol(
      {
        required: mode === 'required',
        timeout,
        refused: reason => {
          if (this.#reading.delete(protocol))
            this.#log.note({ reason: 'proxy-header', cause: closeReasonText(reason) }, proxy);
        },
      },
      ({ peer, direct }) => {
        this.#reading.delete(protocol);
        return this.#admit(peer, direct ? undefined : name);
      },
    );
    this.#reading.add(protocol);
    return protocol;
  }

  #admit(peer: Address, proxy?: string): IProtocol | undefined {
    const place = this.#admission.admit(peer);
    if ('reason' in place) return this.#refuse(peer, place, proxy);
    return this.#context.welcome({ peer, proxy, place });
  }

  #refuse(peer: Address, refusal: Refusal, proxy?: string): IProtocol | undefined {
    this.#log.note(refusal, peer, proxy);
    const line = refusalLine(refusal);
    if (this.#farewells >= MAX_FAREWELLS) return undefined;
    this.#farewells += 1;
    return farewell(line, () => (this.#farewells -= 1));
  }
}

/** Says its line and closes. */
const farewell = (line: string, over: () => void): IProtocol => ({
  makeConnection: transport => {
    transport.write(Buffer.from(line));
    transport.loseConnection();
  },
  dataReceived: () => undefined,
  connectionLost: over,
});
