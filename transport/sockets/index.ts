/** Connections through the kernel's sockets. */

/** TCP, both ways. */
export {
  connectTcp,
  listenTcp,
  type ConnectTcpOptions,
  type ListenTcpOptions,
  type TcpAddress,
  type TcpListener,
  type TcpOptions,
} from './tcp.ts';
