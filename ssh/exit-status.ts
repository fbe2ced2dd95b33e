/**
 * How a program ended, as channel requests say it: `exit-status` or `exit-signal`. RFC 4254 §6.10.
 */
import type { ExitStatus } from '../transport/close-reason.ts';
import { signalNames } from './codes.ts';
import { boolean, string, uint32, type Field } from './wire.ts';

/** The fields behind the channel number: request type, no reply wanted, and what the request carries. */
export function exitMessage(status: ExitStatus): Field[] {
  if (status.signal === null) return [string('exit-status'), boolean(false), uint32((status.code ?? 255) >>> 0)];
  const signal = string(wireSignal(status.signal));
  return [string('exit-signal'), boolean(false), signal, boolean(status.coreDumped), string(''), string('')];
}

/** `SIGTERM` is `TERM` on the wire; signals that the RFC does not name carry a domain, as sshd's do. */
export function wireSignal(signal: string): string {
  const name = signal.replace(/^SIG/, '');
  return signalNames.has(name) ? name : `${name}@openssh.com`;
}
