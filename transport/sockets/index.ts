/** Connections through the kernel's sockets. */

/** TCP, both ways. */
export {
  connectTcp,
  listenTcp,
  type ConnectTcpOptions,
  type ITCPTransport,
  type ListenTcpOptions,
  type TcpListener,
  type TcpOptions,
} from './tcp.ts';
/** Unix sockets, both ways. */
export {
  connectUnix,
  listenUnix,
  type ConnectUnixOptions,
  type IUNIXTransport,
  type ListenUnixOptions,
  type UnixAddress,
  type UnixListener,
  type UnixOptions,
} from './unix.ts';
/** The PROXY protocol: connections that came through a load balancer, with the address of their client. */
export {
  proxyProtocol,
  type ProxiedConnection,
  type ProxyProtocol,
  type ProxyProtocolOptions,
} from './proxy-protocol.ts';
