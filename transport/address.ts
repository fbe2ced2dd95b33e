/**
 * Who is at one end of a transport.
 *
 * A value, captured when the connection is made and still true after it: nothing here asks a socket.
 */
export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** An unnamed socket has the path ''; an abstract name begins with NUL and is shown with `@`, as ss(8) does. */
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'process'; readonly pid: number; readonly tty?: string }
  | { readonly kind: 'pipe'; readonly name: string }
  | { readonly kind: 'memory'; readonly name: string };

export type TcpAddress = Extract<Address, { kind: 'tcp' }>;

/** As a socket of Node's says it; an IPv4 address that came over IPv6 is shown as what it is. */
export function tcpAddress(host = '', port = 0): TcpAddress {
  return Object.freeze({ kind: 'tcp', host: host.replace(/^::ffff:(?=\d+\.)/, ''), port });
}

/** One short text for logs: `192.0.2.1:22`, `[2001:db8::1]:22`, a socket's path, `process 71 on /dev/pts/3`. */
export function addressText(address: Address): string {
  switch (address.kind) {
    case 'tcp':
      return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
    case 'unix':
      return address.path.replace(/^\0/, '@') || '(unnamed socket)';
    case 'process':
      return address.tty === undefined ? `process ${address.pid}` : `process ${address.pid} on ${address.tty}`;
    case 'pipe':
    case 'memory':
      return address.name;
  }
}
