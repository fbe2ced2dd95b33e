/** The server's public names: one line each. */

/** Listen for SSH connections and run their sessions with a handler. */
export { listen, type Server } from './listen.ts';
/** Options of `listen`, with their units and defaults. */
export { listenDefaults, type ListenOptions } from './options.ts';
/** What a handler gets: the client's request, its terminal, its channel. */
export { Session, type Handler, type Pty, type SessionControls, type SessionRequest } from './session.ts';
/** The handler of an SSH host: shells and commands of one account. */
export { runPrograms, type RunProgramsOptions, type StartedSession } from './run-programs.ts';
/** The account that programs run as. */
export { servingAccount, type Account } from './account.ts';
/** Who may log in and as whom: the machine's users, or a list of your own. */
export type { Accounts } from './accounts/accounts.ts';
export { loginRuleDefaults, systemAccounts, type SystemAccountsOptions } from './accounts/system.ts';
export { virtualAccounts, type VirtualUser } from './accounts/virtual.ts';
/** What a machine says before a shell. */
export { greeting, greetingDefaults, type Greeting, type GreetingFiles } from './accounts/greeting.ts';
/** Join a program to a session, for handlers of your own. */
export { runProgram } from './session-process.ts';
/** What a server reports as it works. */
export type { ServerEvent } from './events.ts';
/** Who may connect, how many at once, and who must wait. */
export { admissionDefaults, type AdmissionOptions } from './admission/options.ts';
/** Connections through a proxy. */
export { proxyDefaults, type ProxyOptions } from './admission/proxy-options.ts';
/** The handler of a terminal app: keystrokes in, terminal operations out. */
export { terminalApp, type TerminalAppOptions } from './terminal-app.ts';
/** What a connection may take. */
export { limitDefaults, type LimitOptions } from './limits/options.ts';
