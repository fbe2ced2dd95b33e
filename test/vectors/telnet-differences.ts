/** Where our telnet differs from Twisted's on purpose, with the golden cases in which it shows. */
import { replacing } from './rewrites.ts';
import type { Difference, Log, LoggedDifference } from './vectors.ts';

const says = (log: Log, pattern: RegExp): boolean => log.some(line => pattern.test(line));

/** Of a negotiation that failed, the fact that the error states. */
const statedBy = new Map([
  ['OptionRefused', 'off'],
  ['AlreadyEnabled', 'on'],
  ['AlreadyDisabled', 'off'],
]);

export const telnetDifferences: readonly LoggedDifference[] = [
  {
    twisted: '`do`, `dont`, `will` and `wont` fail with OptionRefused, AlreadyEnabled or AlreadyDisabled',
    nacre: 'they resolve with whether the option is on',
    why: 'that is what the caller wants to know; asking for what is so already is no fault',
    cases: [
      'do twice after enabled',
      'do refused then retried',
      'will refused',
      'will twice after enabled',
      'will refused then retried',
      'dont when disabled',
      'wont when disabled',
      'two options are independent',
    ],
    rewrite: log => log.map(line => line.replace(/(?<=^settled \d+ ).*/, error => statedBy.get(error) ?? error)),
  },
  {
    twisted: 'asking while the option is being negotiated, at either side, fails with AlreadyNegotiating',
    nacre: 'each side is negotiated by itself; at one side, the opposite waits for its turn, and the same joins in',
    why: 'RFC 1143 §7: with that queue a negotiation settles, and nobody has to try again',
    cases: [
      'do then dont while negotiating',
      'do then will while negotiating',
      'will then dont while negotiating',
      'will then will while negotiating',
      'will then wont while negotiating',
    ],
    shows: (twisted, ours) => says(twisted, /AlreadyNegotiating/) && !says(ours, /AlreadyNegotiating/),
  },
  {
    twisted:
      'an option that was asked for and granted, and that the protocol then refuses, is an AssertionError or on untold',
    nacre: 'asking for it is accepting it',
    why: 'an assertion that the peer can reach ends the connection of somebody who did nothing wrong',
    cases: ['do accepted when enableRemote says no', 'will accepted when enableLocal says no'],
    shows: (_twisted, ours) => says(ours, /^(local|remote) 1 on$/) && !says(ours, /^raises/),
  },
  {
    twisted: 'DONT answered by WILL, or WONT by DO, is an AssertionError out of `dataReceived`',
    nacre: 'it is taken as the only answer there is, and the option is off',
    why: 'RFC 1143 §7; the peer must not be able to throw',
    cases: ['do enabled then dont answered with re-enable', 'will enabled then wont answered with re-enable'],
    shows: (twisted, ours) => says(twisted, /^raises/) && says(ours, /^settled 2 off$/) && !says(ours, /^raises/),
  },
  {
    twisted:
      'IAC and a byte that is no command is a ValueError; the data of the chunk is lost, the parser stays in mid-command',
    nacre: 'it is told as a command of that number, and all the data arrives',
    why: 'promise 1: bytes arrive whole; and RFC 1184 has commands that Twisted does not know',
    cases: [
      ...['00', '11', '22', '33', '44', '55', '77', '99', 'cc', 'dd', 'ed'].map(byte => `in IAC ${byte} raises`),
      'in after raise parser stays escaped',
    ],
    shows: (twisted, ours) => says(twisted, /^raises/) && /data 78,command \d+,data 79/.test(ours.join()),
  },
  {
    twisted: 'a sub-negotiation of nothing is an IndexError out of `dataReceived`',
    nacre: 'it is left out, and told as malformed',
    why: 'the peer must not be able to throw',
    cases: ['subneg empty raises'],
    rewrite: replacing(/^raises IndexError$/, 'malformed'),
  },
  {
    twisted: 'parameters of an option are taken though the option is off',
    nacre: 'those of NAWS, TERMINAL_TYPE, NEW_ENVIRON and LINEMODE are left out until it is on',
    why: 'RFC 855: parameters follow an agreement; nothing counts that was not agreed to',
    cases: ['subneg handled by negotiationMap', 'subneg split everywhere', 'bootstrap: NAWS size with 255 escaped'],
    shows: (twisted, ours) => says(twisted, /^(parameters|size) /) && !says(ours, /^(parameters|size) /),
  },
  {
    twisted: 'the option of `requestNegotiation` is not escaped, so that option 255 garbles the stream',
    nacre: 'it is escaped like the rest',
    why: 'RFC 855: within a sub-negotiation IAC is doubled',
    cases: ['requestNegotiation about=IAC is not escaped'],
    rewrite: replacing(/fffaff78/, 'fffaffff78'),
  },
  {
    twisted: 'a CR behind a CR is not looked at again: CR CR LF is received as it is',
    nacre: 'it is: CR CR LF is a CR and a line end',
    why: 'RFC 854: a CR that LF follows is a line end, whatever stands before it',
    cases: ['in CR CR LF (second CR not reconsidered)'],
    rewrite: replacing(/610d0d0a62/, '610d0a62'),
  },
  {
    twisted: 'CR LF is sent as CR CR LF, and a line end that three layers write as CR CR CR LF',
    nacre: 'CR LF is sent as CR LF',
    why: 'RFC 854: CR LF is the line end; translating it a second time must change nothing',
    cases: [
      'write CRLF->CRCRLF',
      'bootstrap: LF written by terminal is translated at three layers',
      'bootstrap: terminal writeSequence',
    ],
    rewrite: replacing(/(0d)+0a/, '0d0a'),
  },
  {
    twisted: 'both ends may echo at once',
    nacre: 'the second is refused',
    why: 'RFC 857: each would echo what the other echoes, for ever',
    cases: [
      'peer DO then WILL, accept=True',
      'do peer unsolicited other side first',
      'will peer unsolicited other side first',
    ],
    shows: (twisted, ours) => says(twisted, /^01 us=yes him=yes$/) && !says(ours, /^01 us=yes him=yes$/),
  },
];

/** What nacre has not: these cases cannot be played. */
export const telnetOmissions: readonly Difference[] = [
  {
    twisted:
      'has a login over telnet (AuthenticatingTelnetProtocol), which waits for ever when the client does not echo',
    nacre: 'has none',
    why: 'it would ask for passwords in clear text',
    cases: [
      'auth: good login',
      'auth: bad password',
      'auth: client silent about ECHO: login waits',
      'auth: all in one chunk',
      'auth: lost before login',
      'auth: CR NUL is not a line end',
    ],
  },
];
