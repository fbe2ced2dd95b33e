/** What a WebSocket connection of either side can be told, and the one place of its defaults. */
import type { Address } from '../address.ts';
import type { QueueLimits } from '../contracts.ts';
import type { CreditOptions } from '../credits/credit-medium.ts';

/** The subprotocol by which two ends agree on credits. */
export const creditProtocol = 'nacre.v1';

export interface WebSocketOptions extends QueueLimits, CreditOptions {
  /** Longest message taken, in bytes; a longer one ends the connection (close 1009). @default 1_048_576 */
  readonly maxPayload?: number;
  /**
   * How often a ping is sent, in milliseconds; a peer that has not answered by the next one is `lost`. 0 for never.
   * A peer that we have paused is not asked. @default 30_000
   */
  readonly pingInterval?: number;
}

export interface FromWebSocketOptions extends WebSocketOptions {
  /** What `getPeer` answers. @default a pipe named "web socket" */
  readonly peer?: Address;
  /** What `getHost` answers. @default a pipe named "web socket" */
  readonly host?: Address;
}

const unnamed: Address = Object.freeze({ kind: 'pipe', name: 'web socket' });

export const webSocketDefaults = Object.freeze({
  peer: unnamed,
  host: unnamed,
  maxPayload: 1_048_576,
  pingInterval: 30_000,
  window: 262_144,
});
