/** `HOST:PORT` as people write it, an IPv6 address in brackets. Port 0 asks the system for a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The address, or what is wrong with it. */
export function parseListenAddress(text: string): ListenAddress | string {
  const match = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^[\]:\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match && port <= 65_535) return { host: match[1] ?? match[2] ?? '', port };
  if (match) return `port ${port} is above 65535`;
  return `'${text}' is not HOST:PORT, e.g. 127.0.0.1:2222 or [::1]:2222`;
}

export const listenAddressText = ({ host, port }: ListenAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
