/**
 * The global requests between a server and its client that are not about forwarding: OpenSSH's, PROTOCOL §2.2 and §2.5.
 */
import type { SshConnection } from '../ssh/connection.ts';
import type { ConnectionOptions } from '../ssh/connection-options.ts';
import { HOST_KEYS, HOST_KEYS_PROVE, hostKeyList, proveHostKeys, type ProofContext } from '../ssh/host-key-proof.ts';
import type { HandshakeKey } from '../ssh/packets.ts';

export interface GlobalRequestContext {
  readonly proof: ProofContext;
  /** The server's keys, those of the future included. */
  readonly announcedKeys: readonly HandshakeKey[];
  /** The client promises to open no more sessions. */
  readonly noMoreSessions: () => void;
}

/** What we answer. `keepalive@openssh.com` is not among them: no is the answer that it wants. */
export const answeredRequests = (context: GlobalRequestContext): Required<ConnectionOptions>['globalRequests'] => ({
  'no-more-sessions@openssh.com': () => {
    context.noMoreSessions();
    return true;
  },
  [HOST_KEYS_PROVE]: data => proveHostKeys(data, context.announcedKeys, context.proof),
});

/** Clients of which some versions end at a global request that they do not know: sshd spares them too (compat.c). */
const takesNoHostKeys = /^(Cisco-1\.|TeraTerm SSH|TTSSH\/)/;

/** Tell a client that has logged in which keys to know us by. */
export function announceHostKeys(connection: SshConnection, software: string, keys: readonly HandshakeKey[]): void {
  if (takesNoHostKeys.test(software)) return;
  void connection.request(HOST_KEYS, hostKeyList(keys), false);
}
