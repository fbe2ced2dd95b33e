/**
 * The session-channel requests we answer (RFC 4254 §6, RFC 4335, OpenSSH's PROTOCOL) and when each is allowed. Anything
 * else gets CHANNEL_FAILURE.
 *
 * Nothing a client sends is believed: names and sizes are checked here, before a session hears of them.
 */
import { END_OF_WRITE } from '../ssh/end-of-write.ts';
import { ownEntry } from '../ssh/own-entry.ts';
import { decodeTtyModes } from '../ssh/tty-modes.ts';
import { WireReader } from '../ssh/wire.ts';
import type { TerminalSize } from '../transport/contracts.ts';
import { textOfBytes } from '../transport/process/byte-text.ts';
import { isAcceptedVariable, MAX_VARIABLES } from './environment.ts';
import type { Session } from './session.ts';

interface RequestRule {
  readonly rfc: string;
  /** `before-start`: only until a shell or command runs. */
  readonly when: 'before-start' | 'any-time';
  /** Whether it succeeded. To throw RemoteProtocolError is to say no. */
  readonly accept: (session: Session, reader: WireReader) => boolean;
}

const sessionRequests = {
  'pty-req': { rfc: 'RFC 4254 §6.2', when: 'before-start', accept: openPty },
  env: { rfc: 'RFC 4254 §6.4', when: 'before-start', accept: setVariable },
  shell: { rfc: 'RFC 4254 §6.5', when: 'before-start', accept: startShell },
  exec: { rfc: 'RFC 4254 §6.5', when: 'before-start', accept: startCommand },
  subsystem: { rfc: 'RFC 4254 §6.5', when: 'before-start', accept: () => false },
  'window-change': { rfc: 'RFC 4254 §6.7', when: 'any-time', accept: resize },
  signal: { rfc: 'RFC 4254 §6.9', when: 'any-time', accept: (session, reader) => session.signal(reader.text()) },
  /** As in sshd: a pty has no line to hold low, so a break succeeds and does nothing. */
  break: { rfc: 'RFC 4335', when: 'any-time', accept: session => session.pty !== undefined },
  [END_OF_WRITE]: { rfc: 'OpenSSH PROTOCOL §2.1', when: 'any-time', accept: outputLost },
} as const satisfies Record<string, RequestRule>;

const rules: Readonly<Record<string, RequestRule>> = sessionRequests;

/** Answer one request of a session's client. */
export function answerSessionRequest(session: Session, type: string, data: Buffer): boolean {
  const rule = ownEntry(rules, type);
  if (!rule || (rule.when === 'before-start' && session.started)) return false;
  return rule.accept(session, new WireReader(data, type));
}

/** Largest size that a terminal's window structure holds. */
const MAX_DIMENSION = 0xffff;

function openPty(session: Session, reader: WireReader): boolean {
  const term = reader.text();
  const size = readSize(reader);
  const modes = decodeTtyModes(reader.string());
  if (session.pty || !/^[\x21-\x7e]{0,128}$/.test(term)) return false;
  session.pty = { term, size, modes };
  return true;
}

function setVariable(session: Session, reader: WireReader): boolean {
  const name = reader.text();
  const value = textOfBytes(reader.string());
  if (!isAcceptedVariable(name, value) || session.environment.size >= MAX_VARIABLES) return false;
  session.environment.set(name, value);
  return true;
}

function startShell(session: Session): boolean {
  session.start({ kind: 'shell' });
  return true;
}

/** An empty command is one that does nothing, as in sshd. Bytes that are not UTF-8 reach the shell as they are. */
function startCommand(session: Session, reader: WireReader): boolean {
  const command = textOfBytes(reader.string());
  if (command.includes('\0')) return false;
  session.start({ kind: 'exec', command });
  return true;
}

function resize(session: Session, reader: WireReader): boolean {
  session.resize(readSize(reader));
  return true;
}

/** Columns, rows and pixels, in the order of RFC 4254 §6.2. */
function readSize(reader: WireReader): TerminalSize {
  const dimension = (): number => Math.min(reader.uint32(), MAX_DIMENSION);
  return { columns: dimension(), rows: dimension(), widthPixels: dimension(), heightPixels: dimension() };
}

function outputLost(session: Session): boolean {
  session.outputLost();
  return true;
}
