/** Where our SSH channels, connections and sessions differ from Twisted Conch on purpose. */
import { slicesJoined } from './played/ssh-link.ts';
import { replacing, until, without } from './rewrites.ts';
import type { Log, LoggedDifference } from './vectors.ts';

const of =
  (prefix: string) =>
  (...names: readonly string[]): string[] =>
    names.map(name => `${prefix}: ${name}`);
const channel = of('SSHChannel');
const connection = of('SSHConnection');
const session = of('SSHSession');
const programEnds = session(
  'exit 255',
  'killed by SIGHUP',
  'killed by SIGINT',
  'killed by SIGQUIT',
  'killed by SIGWINCH (platform-specific name)',
  'killed by SEGV with core',
  'processEnded without a reason',
);
const random = (...numbers: readonly string[]): string[] => channel(...numbers.map(number => `random ${number}`));

/** EOF, wherever it was, right before our CLOSE; without a CLOSE there is none. */
const eofBeforeClose = (log: Log): Log =>
  slicesJoined(
    log
      .filter(line => !line.startsWith('CHANNEL_EOF'))
      .flatMap(line => (line.startsWith('CHANNEL_CLOSE') ? [line.replace('CLOSE', 'EOF'), line] : [line])),
  );

/** How many bytes went out in each step, and what stood behind them. */
const amounts = (log: Log): string[] =>
  log
    .map(line => /^(?:data|extended \d) (".*")$/s.exec(line)?.[1] ?? line)
    .map(line => (line.startsWith('"') ? 'x'.repeat((JSON.parse(line) as string).length) : line))
    .join('\n')
    .replace(/(?<=x)\n(?=x)/g, '')
    .split('\n');

export const sshDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'closes a channel with CLOSE alone',
    nacre: 'sends EOF first',
    why: 'RFC 4254 §5.3: a party that will send no more SHOULD say so. OpenSSH does, and some clients end their output only then',
    cases: [
      ...channel(
        'loseConnection when idle closes at once',
        'loseConnection twice sends close twice to the connection',
        'loseConnection waits for buffered data',
        'loseConnection waits for buffered extended data',
        'loseConnection waits for both',
        'write after loseConnection while buffered is appended and sent before close',
        'write after close was sent still calls sendData, then sendClose again',
        'empty write after loseConnection re-sends close',
        'writeExtended after loseConnection',
        'BUG data+two extended types + loseConnection',
        'no startWriting while closing',
      ),
      ...random('01', '08', '15', '19', '21', '28', '30', '32', '33', '35', '38', '41', '42', '43', '52'),
      ...random('55', '57', '59', '60', '64', '71', '79'),
      ...connection('close: we first', 'write after close is dropped by the connection'),
      ...session('exit 0', 'exit 3'),
      ...programEnds,
    ],
    rewrite: eofBeforeClose,
  },
  {
    twisted: 'extended data of any type can be sent',
    nacre: 'only stderr, type 1',
    why: 'RFC 4254 §5.2 defines no other',
    cases: [...channel('writeExtended partial'), ...random('01', '06', '10', '29', '32', '38', '56', '62', '79')],
    rewrite: log => slicesJoined(replacing(/^extended 2/, 'extended 1')(log)),
  },
  {
    twisted: 'sends all waiting stdout before any waiting stderr',
    nacre: 'keeps the order in which the two were written',
    why: 'promise 1; a program that prints a prompt, an error and the next prompt is shown so',
    cases: [
      ...channel('stdout and stderr share the window; stdout flushed first'),
      ...random('00', '02', '10', '29', '38', '46'),
    ],
    shows: (twisted, ours) => amounts(twisted).join() === amounts(ours).join(),
  },
  {
    twisted: 'CLOSE overtakes waiting stderr: what was behind it is lost',
    nacre: 'sends it, then EOF and CLOSE',
    why: 'promises 1 and 2',
    cases: channel('BUG data+two extended types + loseConnection'),
    rewrite: replacing(/"one"/, '"onetwo"'),
  },
  {
    twisted: 'takes a channel whose peer accepts packets of 0 bytes; every write to it raises',
    nacre: 'refuses to open it',
    why: 'it can never carry a byte, and a division by such a size never ends',
    cases: channel('remoteMaxPacket 0, empty write raises too'),
    rewrite: () => ['refused'],
  },
  {
    twisted: 'text is passed on to the packet, unchecked',
    nacre: '`write` throws a TypeError',
    why: 'a transport moves bytes; the check is at the caller, not where the packet is made',
    cases: channel('write text is passed through unchecked'),
    rewrite: () => ['raises'],
  },
  {
    twisted: 'the channel is told by `stopWriting` and `startWriting` when the window is used up and granted',
    nacre: 'a registered producer is paused and resumed, by how much is queued',
    why: 'promise 5: one kind of back-pressure for all transports. A window that is just used up is not yet a full queue',
    cases: channel('startWriting callback writes nothing buffered', 'stopWriting callback that writes'),
    rewrite: log =>
      replacing(/"cd!"/, '"cd"')(without(/"\+\+"/)(log.slice(0, log.includes('data "++"') ? -2 : undefined))),
  },
  {
    twisted:
      "a peer's CLOSE is answered when all that was waiting has been sent, for which the peer grants no window any more",
    nacre: 'answers at once; what was not sent is told as `lost`',
    why: 'RFC 4254 §5.3: CLOSE MUST be answered by CLOSE. Twisted keeps such a channel until the connection ends',
    cases: [
      ...channel('closeReceived with buffered data does not close yet'),
      ...connection(
        'close: peer first with our data buffered: our CLOSE waits for window (which a closed peer will not grant)',
      ),
    ],
    shows: (_twisted, ours) => ours.some(line => line.startsWith('CHANNEL_CLOSE')) && !ours.includes('data "abcdef"'),
  },
  {
    twisted: 'a fault in the code that opens a channel is an open failure, even after the confirmation has gone out',
    nacre: 'ends the connection, with DISCONNECT',
    why: 'a channel that has been confirmed cannot be refused (RFC 4254 §5.1), and a fault of ours is not the peer to blame for',
    cases: connection(
      'peer opens, other exception',
      'channelOpen raising AFTER confirmation also sends failure, channel stays registered',
    ),
    rewrite: replacing(/^CHANNEL_OPEN_FAILURE.*/, 'the connection dies'),
  },
  {
    twisted:
      'a channel can be written to before it is confirmed: it raises, keeps the data, and sends it at the next grant',
    nacre: 'there is no channel before it is confirmed: `openChannel` resolves with it',
    why: 'a state that cannot be used cannot be reached',
    cases: connection(
      'write before confirmation raises (max packet 0) but keeps the data; confirmation does not flush it, the next adjust does',
    ),
    rewrite: log => without(/"early"/)(replacing(/the connection dies/, 'nobody can write yet')(log)),
  },
  {
    twisted: 'hands extended data from the peer to the channel',
    nacre: 'grants it back unseen',
    why: 'no session of a server takes it; sshd ignores it too',
    cases: connection('extended data in'),
    rewrite: without(/extReceived/),
  },
  {
    twisted: 'grants window when data arrives, before the channel has it',
    nacre: 'grants it when the protocol has taken the data',
    why: 'promise 5: a reader that is paused stops its peer. In Twisted nothing does',
    cases: connection('data in below half window triggers full re-credit BEFORE dataReceived'),
    rewrite: log => [...without(/ADJUST/)(log), 'CHANNEL_WINDOW_ADJUST 7 55'],
  },
  {
    twisted: 'grants when less than half of the window is left',
    nacre: 'when half of it has been taken',
    why: 'the same rule to a byte; ours counts what has been taken',
    cases: connection('data in leaving exactly half: no adjust'),
    rewrite: replacing(/ADJUST 7 51/, 'ADJUST 7 50'),
  },
  {
    twisted: 'how large a packet a channel takes can be chosen; for one that is too large the channel is closed',
    nacre: 'takes 32768 bytes, always; more is a breach and ends the connection',
    why: 'RFC 4253 §6.1: every implementation must take that many. Who ignores our limits cannot be trusted with them',
    cases: connection('too much extended data'),
    rewrite: without(/CHANNEL_CLOSE/),
  },
  {
    twisted: 'EOF goes out at once, before data that waits for window, and does not stop later writes',
    nacre: 'EOF goes out behind what was written, and nothing is sent after it',
    why: 'RFC 4254 §5.3: EOF says that no more data comes; promise 6',
    cases: [
      ...connection('our eof', 'our eof is NOT queued behind buffered data'),
      ...session(
        'EOF only after BOTH stdout and stderr closed',
        'stdout closed twice counts as both (bug-compatible)',
        'output, exit-status and close when the window is full: status overtakes data',
      ),
    ],
    shows: (_twisted, ours) => !/CHANNEL_EOF.*\n(data|extended)/.test(ours.join('\n')),
  },
  {
    twisted: 'a reply to no request is ignored on a channel',
    nacre: 'ends the connection, as for a global request',
    why: 'RFC 4254 §5.4: replies carry no number. Once one is too many, all later ones answer the wrong request',
    cases: connection('surplus CHANNEL_SUCCESS ignored'),
    rewrite: log => [...log, 'the connection dies'],
  },
  {
    twisted: 'the answer to a global request may carry data',
    nacre: 'carries none',
    why: 'only `tcpip-forward` for port 0 has any (RFC 4254 §7.1), and forwarding is not served',
    cases: connection('global request in data wantReply=True'),
    rewrite: replacing(/^REQUEST_SUCCESS .*/, 'REQUEST_SUCCESS'),
  },
  {
    twisted: 'sends global requests, with 255 for "reply wanted"',
    nacre: 'sends none; a reply to one ends the connection',
    why: 'no part of nacre asks for anything. RFC 4251 §5: a boolean SHOULD be 0 or 1',
    cases: connection(
      'global request out',
      'global request out fails',
      'global request out no reply (want byte 0; 0xff when wanted)',
      'global replies in order',
      'serviceStopped: open channels closed, pending opens failed, globals failed',
    ),
    shows: (twisted, ours) =>
      ours.filter(line => line === 'nobody can ask for that').length ===
      twisted.filter(line => line.startsWith('GLOBAL_REQUEST')).length,
  },
  {
    twisted: 'a request without an answer fails before the channel says that it is over',
    nacre: 'its promise resolves a moment after that',
    why: 'a promise tells nobody at once; both happen in the same turn',
    cases: connection('pending request fails when channel closes, before closed()'),
    shows: (twisted, ours) => [...twisted].sort().join() === [...ours].sort().join(),
  },
  {
    twisted: 'a program that cannot be started makes its request fail',
    nacre: 'the request succeeds, then the session ends with status 1 and a line on stderr',
    why: 'a handler may take its time before it starts anything, and replies keep their order (RFC 4254 §5.4); a person is told',
    cases: session('exec fails'),
    shows: (_twisted, ours) => ours.some(line => line.includes('has failed')) && ours.includes('CHANNEL_SUCCESS 7'),
  },
  {
    twisted: 'which variables a client may set is the avatar to say',
    nacre: 'a list says it: LANG, LC_* and what terminals tell of themselves',
    why: 'deny unless told: LD_PRELOAD is never the client to set. sshd AcceptEnv',
    cases: session('env allowed / refused / error', 'env when session lacks ISessionSetEnv'),
    shows: (_twisted, ours) =>
      ours.filter(line => line.startsWith('session.setEnv')).join() === 'session.setEnv "LANG" "C"',
  },
  {
    twisted: 'a change of size can fail',
    nacre: 'always succeeds; without a terminal it does nothing',
    why: 'RFC 4254 §6.7 wants no reply to it, so nobody would hear of a failure',
    cases: session('window-change refused'),
    rewrite: log => replacing(/FAILURE/, 'SUCCESS')(without(/windowChanged/)(log)),
  },
  {
    twisted: 'a program that was started in the request is fed before the request is answered',
    nacre: 'the answer goes out first',
    why: 'RFC 4254 §6.5: the reply to `exec` comes before anything that the program says',
    cases: session('stdin before shell is buffered then written first'),
    rewrite: log => [...log.slice(0, 2), 'CHANNEL_SUCCESS 7', 'proc.write "early birdlate"'],
  },
  {
    twisted: 'sends back to the client what it typed before the shell was there',
    nacre: 'keeps it for the shell',
    why: 'one buffer for two directions; promise 1',
    cases: session(
      'BUG stdin buffered before shell is ECHOED BACK by a window adjust (buf is shared with the output buffer)',
    ),
    rewrite: without(/"secret"/),
  },
  {
    twisted: 'a session is over when both sides have said CLOSE',
    nacre: 'when we have: a peer that never answers keeps nothing alive',
    why: 'the program has ended and all its output is out; the channel number alone waits for the peer, for 10 s at most',
    cases: programEnds,
    rewrite: log => [...log.slice(0, -1), 'session.closed', 'proc.hangUp'],
  },
  {
    twisted: "a client's CLOSE is answered at once, and how the program ends is told to nobody",
    nacre: 'when the program has ended, behind its status',
    why: 'as sshd does (session.c, session_exit_message): PuTTY closes at EOF, and hears of the end all the same',
    cases: session('peer closes after eof'),
    rewrite: without(/^CHANNEL_CLOSE|^session.closed/),
  },
  {
    twisted: 'names a signal that the RFC does not know after its platform: `WINCH@linux`',
    nacre: '`WINCH@openssh.com`',
    why: 'RFC 4254 §6.10 wants a domain behind the `@`; the name is the one that sshd sends',
    cases: session('killed by SIGWINCH (platform-specific name)'),
    rewrite: replacing(/0000000b57494e4348406c696e7578/, '0000001157494e4348406f70656e7373682e636f6d'),
  },
  {
    twisted: 'a program may end without a reason; then no status is sent',
    nacre: 'an end always has a status',
    why: 'ExitStatus: a code or a signal. ssh(1) would report -1',
    cases: session('processEnded without a reason'),
    rewrite: log =>
      log.flatMap(line =>
        line.startsWith('CHANNEL_EOF')
          ? [
              'CHANNEL_REQUEST 7 "exit-signal" false 00000013554e4b4e4f574e406f70656e7373682e636f6d000000000000000000',
              line,
            ]
          : [line],
      ),
  },
  {
    twisted: 'a channel takes any number of `shell` and `exec` requests',
    nacre: 'one; the second fails',
    why: 'RFC 4254 §6.5: only one of these requests can succeed per channel',
    cases: session('two execs on one channel are both accepted'),
    rewrite: until(/execCommand "b"/, 'CHANNEL_FAILURE 7'),
  },
  {
    twisted: 'a program that closes its channel closes it at once, and its output after that is dropped',
    nacre: 'the channel waits for the program to end, and sends what it says until then',
    why: 'promise 2: a close waits for the registered producer, which is the program',
    cases: session('process output after close is dropped'),
    rewrite: until(/CHANNEL_CLOSE/, 'data "late"'),
  },
  {
    twisted: 'runs subsystems: protocols inside the server',
    nacre: 'has none; the request fails',
    why: 'deny unless told; SFTP is not served',
    cases: session('subsystem early data'),
    rewrite: until(/lookupSubsystem/, 'CHANNEL_FAILURE 7'),
  },
];
