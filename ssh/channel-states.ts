/**
 * The life of a channel as one table: each side says EOF (no more data from me) and then CLOSE (nothing more at all).
 *
 * It says what may be sent and received when, and nothing of windows or messages. RFC 4254 §5.3: EOF may be left out,
 * CLOSE is answered by CLOSE, at once or when a program has ended, and a side that has sent its CLOSE still takes what
 * the peer had sent before it heard.
 */

/** Named after what each side has said so far; `close-received` is over when our CLOSE has answered it. */
export type ChannelState =
  | 'open'
  | 'eof-sent'
  | 'eof-received'
  | 'eof-sent-and-received'
  | 'close-sent'
  | 'close-sent-eof-received'
  | 'close-received'
  | 'closed';

/** `data` is CHANNEL_DATA and CHANNEL_EXTENDED_DATA alike. */
export type ChannelEvent = `${'send' | 'receive'}-${'data' | 'eof' | 'close'}`;

/** Where each event leads. An absent entry is not allowed: to us, or to the peer. docs/channel-states.svg shows it. */
export const channelStates: Readonly<Record<ChannelState, Readonly<Partial<Record<ChannelEvent, ChannelState>>>>> = {
  open: {
    'send-data': 'open',
    'send-eof': 'eof-sent',
    'send-close': 'close-sent',
    'receive-data': 'open',
    'receive-eof': 'eof-received',
    'receive-close': 'close-received',
  },
  'eof-sent': {
    'send-close': 'close-sent',
    'receive-data': 'eof-sent',
    'receive-eof': 'eof-sent-and-received',
    'receive-close': 'close-received',
  },
  'eof-received': {
    'send-data': 'eof-received',
    'send-eof': 'eof-sent-and-received',
    'send-close': 'close-sent-eof-received',
    'receive-close': 'close-received',
  },
  'eof-sent-and-received': {
    'send-close': 'close-sent-eof-received',
    'receive-close': 'close-received',
  },
  'close-sent': {
    'receive-data': 'close-sent',
    'receive-eof': 'close-sent-eof-received',
    'receive-close': 'closed',
  },
  'close-sent-eof-received': { 'receive-close': 'closed' },
  'close-received': { 'send-close': 'closed' },
  closed: {},
};
