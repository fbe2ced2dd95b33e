/**
 * The groups of settings that say who may connect and what a connection may take: `admission`, `limits`,
 * `proxyProtocol`. Meanings and defaults are those of the server's options of the same names.
 */
import { overflowModes } from '../server/admission/options.ts';
import { proxyModes } from '../server/admission/proxy-options.ts';
import { count, duration, group, limit, list, oneOf, plainText, size, yesOrNo } from './setting-kinds.ts';

const startups = group({ begin: count, rate: limit, full: count });
const source = group({ maxStartups: limit, maxConnections: limit, ipv4Bits: count, ipv6Bits: count });
const penalties = group({
  enabled: yesOrNo,
  ...{ authFail: duration, invalidUser: duration, graceExceeded: duration, noAuth: duration, crash: duration },
  ...{ min: duration, max: duration, maxSources4: count, maxSources6: count },
  ...{ overflow4: oneOf(overflowModes), overflow6: oneOf(overflowModes), exempt: list(plainText) },
});

const beforeLogin = group({ ident: duration, keyExchange: duration, message: duration });
const queuedBytes = group({ channel: size, connection: size, total: size });
const time = group({
  ...{ unused: duration, connectionIdle: duration, connection: duration },
  ...{ sessionIdle: duration, session: duration },
});
const requests = group({ perSecond: limit, burst: count });

const counts = { maxChannels: count, maxTotalSessions: limit };
const proxyProtocol = group({ mode: oneOf(proxyModes), trusted: list(plainText), timeout: duration });

/** Each group with all its settings. */
export const completeGroups = {
  admission: group({ maxConnections: limit, startups, source, penalties }),
  limits: group({ beforeLogin, ...counts, queuedBytes, time, requests }),
  proxyProtocol,
};

/** Each group as a file gives it: any of its settings. */
export const givenGroups = {
  admission: group({
    ...{ maxConnections: limit, startups: startups.partial(), source: source.partial() },
    penalties: penalties.partial(),
  }).partial(),
  limits: group({
    ...{ beforeLogin: beforeLogin.partial(), ...counts, queuedBytes: queuedBytes.partial() },
    ...{ time: time.partial(), requests: requests.partial() },
  }).partial(),
  proxyProtocol: proxyProtocol.partial(),
};
