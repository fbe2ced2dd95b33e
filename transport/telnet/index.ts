/** Telnet over any connection. */

/** The layer, and what it can be told. */
export { fromTelnet, telnet } from './telnet.ts';
export type { TelnetOptions } from './options.ts';
export type { LineEnds } from './parser.ts';
/** What it adds to a connection, and what a protocol hears. */
export type { ITelnetProtocol, ITelnetTransport, TelnetEvent, TelnetSide, TelnetVariable } from './contracts.ts';
/** Commands and options by name. */
export { TelnetCommand, TelnetOption } from './codes.ts';
