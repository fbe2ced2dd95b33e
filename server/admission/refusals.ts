/**
 * Why a connection is refused before there is any SSH on it: codes for the log, and words for whoever is refused.
 *
 * The codes are API; docs/events.md lists them. RFC 4253 §4.2 lets a server send lines before its identification;
 * OpenSSH's client shows them with -v.
 */
/** Each code: what it means for whoever reads the log, and what the peer is told. */
export const refusals = {
  connections: {
    means: 'there are `admission.maxConnections` connections',
    says: 'Too many connections: try again later',
  },
  startups: {
    means: 'too many connections have not logged in yet (`admission.startups`); drawn by lot until there are `full`',
    says: 'Exceeded MaxStartups: too many connections are logging in; try again soon',
  },
  'source-startups': {
    means: 'its source has `admission.source.maxStartups` connections that have not logged in yet',
    says: 'Exceeded MaxStartups: too many connections from your address are logging in; try again soon',
  },
  'source-connections': {
    means: 'its source has `admission.source.maxConnections` connections',
    says: 'Too many connections from your address',
  },
  penalty: {
    means: 'its source is being penalised (`admission.penalties`); `cause` says for what',
    says: 'Not allowed at this time',
  },
  'penalty-full': {
    means: 'more sources are being penalised than can be remembered, and `overflow` is `deny-all`',
    says: 'Not allowed at this time',
  },
  'proxy-untrusted': {
    means: 'it came from outside `proxyProtocol.trusted`, and every connection must come from a proxy',
    says: 'Not allowed: connect through the proxy',
  },
  'proxy-header': {
    means: 'it came from a trusted proxy without a sound PROXY protocol header in time',
    says: '',
  },
} as const satisfies Record<string, { means: string; says: string }>;

export type RefusalReason = keyof typeof refusals;

export interface Refusal {
  readonly reason: RefusalReason;
  /** The address or block that was counted, if it is an IP address. */
  readonly source?: string;
  /** More about the reason. */
  readonly cause?: string;
  /** How long it will be refused, in milliseconds. */
  readonly left?: number;
}

/** The line that the peer is sent, with its end; '' for none. At most 255 bytes, as RFC 4253 §4.2 has it for ours. */
export function refusalLine({ reason, left }: Refusal): string {
  const { says } = refusals[reason];
  const when = left === undefined ? '' : `: try again in ${Math.ceil(left / 1000)} s`;
  return says && `${says}${when}\r\n`;
}
