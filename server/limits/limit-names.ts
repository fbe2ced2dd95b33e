/**
 * The limits of a connection that has been admitted: a code for the log each, what reaching it does, and what the client
 * is told.
 *
 * The codes are API; docs/events.md lists them.
 */
const dropped = 'the connection is dropped without a word';

export const limits = {
  'login-grace': { means: `not logged in within \`loginGraceTime\`: ${dropped}`, says: '' },
  'ident-time': { means: `no identification line within \`limits.beforeLogin.ident\`: ${dropped}`, says: '' },
  'key-exchange-time': { means: `no keys exchanged within \`limits.beforeLogin.keyExchange\`: ${dropped}`, says: '' },
  'message-time': { means: `no message of the login within \`limits.beforeLogin.message\`: ${dropped}`, says: '' },
  unused: {
    means: 'no session for `limits.time.unused`: disconnected',
    says: 'no session was open for too long',
  },
  'connection-idle': {
    means: 'no data in any session for `limits.time.connectionIdle`: disconnected',
    says: 'the connection was idle for too long',
  },
  'connection-time': {
    means: 'the connection has lasted `limits.time.connection`: disconnected',
    says: 'the connection has lasted as long as it may',
  },
  'session-idle': {
    means: 'no data in the session for `limits.time.sessionIdle`: the session is ended, and told on stderr',
    says: 'the session was idle for too long',
  },
  'session-time': {
    means: 'the session has lasted `limits.time.session`: the session is ended, and told on stderr',
    says: 'the session has lasted as long as it may',
  },
  sessions: {
    means: 'there are `maxSessions` sessions on the connection: another is refused',
    says: 'there are as many sessions on this connection as there may be',
  },
  'total-sessions': {
    means: 'there are `limits.maxTotalSessions` sessions: another is refused',
    says: 'there are as many sessions as the server takes; try again later',
  },
  channels: {
    means: 'there are `limits.maxChannels` channels on the connection: another is refused',
    says: 'there are as many channels on this connection as there may be',
  },
  requests: {
    means: 'more requests than `limits.requests` allows: disconnected',
    says: 'too many requests',
  },
  'queued-bytes': {
    means: 'more than `limits.queuedBytes.connection` wait in its channels: disconnected',
    says: 'too much is waiting to be sent on this connection',
  },
  'total-queued-bytes': {
    means: 'more than `limits.queuedBytes.total` wait in all connections, and most of it in this one: disconnected',
    says: 'the server is short of memory',
  },
} as const satisfies Record<string, { means: string; says: string }>;

export type LimitName = keyof typeof limits;
