/**
 * Start a program on the terminal at the other end of a connection that waits for its protocol.
 */
import type { IConnection, IStreamTransport } from '../transport/contracts.ts';
import { warnOfProtocol } from '../transport/warnings.ts';
import type { ITerminalProtocol } from './contracts.ts';
import { resolveTerminalOptions, type TerminalOptions } from './options.ts';
import { ServerTerminal, type CloseTerminal } from './server-terminal.ts';

/** A connection that waits for its protocol. */
export type Startable = IStreamTransport & Pick<IConnection, 'start'>;

/**
 * Run `protocol` on the terminal at the other end of `connection`: its `makeConnection` is called before this returns.
 * `close` closes the connection, for those who have something to say last. Throws ConfigError.
 * @default the connection's `loseConnection`; what the program failed with is a warning of the process
 */
export function startTerminal(
  connection: Startable,
  protocol: ITerminalProtocol,
  options: TerminalOptions = {},
  close: CloseTerminal = ({ failure }) => {
    if (failure) warnOfProtocol(failure);
    connection.loseConnection();
  },
): ServerTerminal {
  const terminal = new ServerTerminal(connection, protocol, resolveTerminalOptions(options), close);
  connection.start(terminal.receiver);
  return terminal;
}
