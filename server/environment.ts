/**
 * The environment of a session's program: built from nothing, then what the client may add.
 *
 * After sshd's do_setup_env (session.c) and AcceptEnv; nothing of the server's own environment gets in.
 */
import { addressText, type Address } from '../transport/address.ts';
import type { Account } from './account.ts';
import type { Session } from './session.ts';

/** Variables that one session may set. */
export const MAX_VARIABLES = 64;
const MAX_VALUE_BYTES = 8 * 1024;

/** What a client may set, as sshd's AcceptEnv on most systems, and what terminals tell of themselves. */
const acceptedNames = /^(LANG|LC_[A-Za-z0-9_]{1,32}|COLORTERM|TERM_PROGRAM)$/;

const searchPaths = {
  person: '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games',
  root: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
} as const;

export const isAcceptedVariable = (name: string, value: string): boolean =>
  acceptedNames.test(name) && !value.includes('\0') && Buffer.byteLength(value) <= MAX_VALUE_BYTES;

/** Complete but for SSH_TTY, which is known only once there is a terminal. */
export function programEnvironment(session: Session, account: Account): Record<string, string> {
  return {
    ...Object.fromEntries(session.environment),
    USER: account.name,
    LOGNAME: account.name,
    HOME: account.home,
    SHELL: account.shell,
    PATH: account.uid === 0 ? searchPaths.root : searchPaths.person,
    ...(account.command && session.request?.kind === 'exec' ? { SSH_ORIGINAL_COMMAND: session.request.command } : {}),
    ...connectionVariables(session.peer, session.host),
    ...(session.pty && session.pty.term !== '' ? { TERM: session.pty.term } : {}),
  };
}

/** `client port server port` and `client port server-port`, ssh(1) ENVIRONMENT; only where there are ports. */
function connectionVariables(peer: Address, host: Address): Record<string, string> {
  if (peer.kind !== 'tcp' || host.kind !== 'tcp')
    return { SSH_CONNECTION: `${addressText(peer)} ${addressText(host)}` };
  return {
    SSH_CLIENT: `${peer.host} ${peer.port} ${host.port}`,
    SSH_CONNECTION: `${peer.host} ${peer.port} ${host.host} ${host.port}`,
  };
}
