/** Options of the PROXY protocol: whether connections come through a balancer, and which ones are believed. */
import { ConfigError } from '../../transport/errors.ts';
import { filled, MAX_TIME, requireOneOf, requireWhole, type Given } from '../../transport/option-group.ts';
import { NetworkList } from './networks.ts';

export const proxyModes = ['off', 'optional', 'required'] as const;

export interface ProxyOptions {
  /**
   * `optional`: connections from trusted networks may begin with a header, and others may come directly. `required`:
   * every connection must come from a trusted network and begin with one. @default off
   */
  readonly mode: (typeof proxyModes)[number];
  /** Networks of the proxies, in CIDR notation. Their own connections are never penalised. @default none */
  readonly trusted: readonly string[];
  /** How long the header may take, in milliseconds; where it is optional, silence for so long means none. @default 5_000 */
  readonly timeout: number;
}

export const proxyDefaults: ProxyOptions = Object.freeze({ mode: 'off', trusted: Object.freeze([]), timeout: 5_000 });

/** Fill in defaults and check; throws ConfigError. */
export function resolveProxy(given: Given<ProxyOptions> | undefined): ProxyOptions {
  const options = filled('proxyProtocol', given, proxyDefaults);
  requireOneOf('proxyProtocol.mode', options.mode, proxyModes);
  requireWhole('proxyProtocol', options, { timeout: { least: 1, most: MAX_TIME } });
  new NetworkList('proxyProtocol.trusted', options.trusted);
  if (options.mode !== 'off' && options.trusted.length === 0) {
    throw new ConfigError('proxyProtocol.trusted', `with mode ${options.mode}, name the networks of the proxies`);
  }
  return Object.freeze(options);
}
