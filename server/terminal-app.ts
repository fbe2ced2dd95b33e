/**
 * The handler of a terminal app: each session is one program on the client's terminal.
 *
 * It refuses sessions without one, as `ssh host command` has none, in a line that says what to type instead.
 */
import type { ITerminalProtocol } from '../terminal/contracts.ts';
import type { TerminalOptions } from '../terminal/options.ts';
import { startTerminal } from '../terminal/start-terminal.ts';
import { withEnd } from '../terminal/with-end.ts';
import type { CloseReason } from '../transport/close-reason.ts';
import type { Handler, Pty, Session } from './session.ts';

/** What the session says, a program cannot be told otherwise. */
export type TerminalAppOptions = Omit<TerminalOptions, 'term' | 'colorterm' | 'size'>;

/**
 * Run what `program` makes, for each session that has a terminal. `terminal.loseConnection()` ends the session with status
 * 0, `terminal.exit(code)` with that one. A program that throws, or calls `terminal.fail`, ends it with status 1: the error
 * is in the server's events, and the person reads that it is there.
 */
export const terminalApp = (
  program: (session: Session) => ITerminalProtocol,
  options: TerminalAppOptions = {},
): Handler => {
  return session =>
    session.pty
      ? run(session, session.pty, program(session), options)
      : session.fail('This service needs a terminal. Try: ssh -t …\n');
};

/** Rejects with what the program failed with: the session then says so, behind all that puts the terminal back. */
function run(session: Session, pty: Pty, program: ITerminalProtocol, options: TerminalAppOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = (reason: CloseReason): void => (reason.kind === 'protocol-error' ? reject(reason.error) : resolve());
    const settings = {
      ...options,
      term: pty.term,
      colorterm: session.environment.get('COLORTERM') ?? '',
      size: pty.size,
    };
    const terminal = startTerminal(session.channel, withEnd(program, ended), settings, ({ code, failure }) =>
      failure ? reject(failure) : session.exit({ code, signal: null, coreDumped: false }),
    );
    session.attach({ resize: size => terminal.resized(size) });
  });
}
