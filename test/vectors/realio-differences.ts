/** Where our sockets, programs and standard input and output differ from Twisted's on purpose. */
import { always, replacing, without } from './rewrites.ts';
import type { LoggedDifference } from './vectors.ts';

export const realioDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'passes descriptors over a Unix socket; too many for the bytes end the connection',
    nacre: '`sendFileDescriptor` throws UnsupportedError; the bytes go on',
    why: 'Node has no SCM_RIGHTS: docs/decisions/004-unix-credentials-and-descriptors.md',
    cases: [
      'unix: sendFileDescriptor with one byte',
      'unix: two descriptors, three bytes',
      'unix: more descriptors than bytes -> FileDescriptorOverrun',
      'unix: receiver without IFileDescriptorReceiver: descriptor closed silently, byte delivered',
    ],
    shows: (twisted, ours) => ours.includes('client raises') && !twisted.includes('client raises'),
  },
  {
    twisted: 'a signal that does not exist, or for a program that has ended, raises',
    nacre: '`signalProcess` answers false',
    why: 'a program may end at any moment: the caller could never know before it asks',
    cases: ['signalProcess unknown name raises', 'signalProcess after exit raises ProcessExitedAlready'],
    rewrite: replacing(/^signalProcess raises$/, 'signalProcess false'),
  },
  {
    twisted: 'tells at once that a program has closed its standard input',
    nacre:
      '`inConnectionLost` when something is written to it in vain; `outConnectionLost` and `errConnectionLost` as there',
    why: 'Node does not watch for the end of a pipe that it only writes to; who writes nothing loses nothing',
    cases: ['process closes its stdout early and lives on'],
    rewrite: without(/^childConnectionLost 0/),
  },
  {
    twisted: 'a program can be started without standard input',
    nacre: 'always has one',
    why: 'a program without descriptor 0 opens its first file as its input; one that should read nothing is given an end of input',
    cases: ['no stdin pipe: write is silent'],
    shows: (_twisted, ours) => ours.includes('its standard input is always a pipe'),
  },
  {
    twisted: '`getPeer` and `getHost` of a process raise NotImplementedError',
    nacre: 'the process, with its id and terminal; and this process',
    why: 'promise 3',
    cases: ['getPeer/getHost raise'],
    rewrite: replacing(/ raises$/, ''),
  },
  {
    twisted: 'a program that does not exist prints a traceback of Python on its standard error and exits with 1',
    nacre: 'throws SpawnError, before anything is started',
    why: 'no output may be taken for what the program says',
    cases: ['missing executable: child exits 1 with a traceback on stderr'],
    rewrite: always('raises'),
  },
  {
    twisted: '`closeChildFD` on a pty raises',
    nacre: 'does nothing, as for every descriptor that there is not',
    why: "IProcessTransport: and Twisted's own process on pipes does so",
    cases: ['pty writeToChild/closeChildFD not implemented'],
    rewrite: replacing(/^closeChildFD raises$/, 'closeChildFD'),
  },
  {
    twisted: 'our EOF on standard output is told to us and not to the reader: the descriptor stays open',
    nacre: 'the reader sees the end while we go on reading',
    why: 'promise 6: EOF goes out',
    cases: [
      'stdio: loseWriteConnection notifies but does not close the descriptor (parent sees no EOF), reading goes on',
    ],
    rewrite: log => log.flatMap(line => (line === 'writeConnectionLost' ? [line, '(its output has ended)'] : [line])),
  },
  {
    twisted:
      'a reader of standard output that goes away is told to half-closeable protocols only, as the end of writing',
    nacre: 'ends the connection at the next write: `lost`, for every protocol',
    why: 'promise 1: what cannot arrive any more is told; Twisted keeps a plain protocol writing into nothing',
    cases: [
      'stdio: reader of stdout goes away: a plain protocol is not told',
      'stdio: reader of stdout goes away: a half-closeable protocol is told',
    ],
    rewrite: always('connectionMade', 'dataReceived 7772697465', 'connectionLost ConnectionLost', 'output ""'),
  },
  {
    twisted: 'both ends of standard input and output are an address that says nothing',
    nacre: 'the far end is a pipe with a name, the near end this process',
    why: 'a log line should say who is where',
    cases: ['stdio: address type'],
    rewrite: replacing(/^PipeAddress PipeAddress$/, 'pipe process'),
  },
];
