/**
 * The numbers of telnet, by their RFC names: commands (RFC 854, RFC 1184 §2.5) and options (the IANA registry
 * "Telnet Options").
 *
 * It names only what nacre itself uses or somebody would send by name; any other number may be used as it is.
 */

/** Begins every command; as data it is doubled. */
export const IAC = 255;

/** Commands of one byte behind IAC, for `sendCommand` and the event `command`. */
export const TelnetCommand = {
  /** End of file, suspend, abort: RFC 1184 §2.5. */
  EOF: 236,
  SUSP: 237,
  ABORT: 238,
  /** End of record, RFC 885. */
  EOR: 239,
  NOP: 241,
  /** Data mark: the end of what a Synch throws away. */
  DM: 242,
  BRK: 243,
  /** Interrupt process. */
  IP: 244,
  /** Abort output. */
  AO: 245,
  /** Are you there? */
  AYT: 246,
  /** Erase character, erase line. */
  EC: 247,
  EL: 248,
  /** Go ahead. */
  GA: 249,
} as const;

/** What frames a sub-negotiation. */
export const SB = 250;
export const SE = 240;

export const TelnetOption = {
  /** RFC 856. */
  BINARY: 0,
  /** RFC 857. */
  ECHO: 1,
  /** Suppress go ahead, RFC 858. */
  SGA: 3,
  /** RFC 1091. */
  TERMINAL_TYPE: 24,
  /** Negotiate about window size, RFC 1073. */
  NAWS: 31,
  /** RFC 1184. */
  LINEMODE: 34,
  /** RFC 1572. */
  NEW_ENVIRON: 39,
} as const;

/** The four words of a negotiation. */
export const Verb = { WILL: 251, WONT: 252, DO: 253, DONT: 254 } as const;
export type Verb = (typeof Verb)[keyof typeof Verb];
