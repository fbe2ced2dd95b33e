/**
 * Errors this project throws or hands over, by whose fault they are.
 *
 * `code` is API and never changes; messages may. docs/errors.md lists every code, and a test compares the two.
 */
import { types } from 'node:util';
import { closeReasonText, type CloseReason } from './close-reason.ts';

export const errorCodes = [
  'ERR_LOCAL_MISUSE',
  'ERR_REMOTE_PROTOCOL',
  'ERR_CONFIG',
  'ERR_SPAWN',
  'ERR_INCOMPATIBLE_LIBRARY',
  'ERR_CONNECTION_LOST',
  'ERR_UNSUPPORTED',
  'ERR_INTERRUPTED',
  'ERR_END_OF_INPUT',
  'ERR_HOST_KEY_REFUSED',
  'ERR_LOGIN_REFUSED',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

abstract class BaseError extends Error {
  abstract readonly code: ErrorCode;
  override get name(): string {
    return this.constructor.name;
  }
}

/** The caller broke a contract of ours; fix the calling code. */
export class LocalMisuseError extends BaseError {
  readonly code = 'ERR_LOCAL_MISUSE';
}

/** The peer broke the protocol; log it and close. `rule` names the source, e.g. "RFC 4254 §6.2". */
export class RemoteProtocolError extends BaseError {
  readonly code = 'ERR_REMOTE_PROTOCOL';
  readonly rule: string;
  constructor(rule: string, seen: string, options?: ErrorOptions) {
    super(`peer broke ${rule}: ${seen}`, options);
    this.rule = rule;
  }
}

/** An option or a file it names is missing or wrong; `option` is its path, e.g. "server.hostKeys[0]". */
export class ConfigError extends BaseError {
  readonly code = 'ERR_CONFIG';
  readonly option: string;
  constructor(option: string, problem: string, options?: ErrorOptions) {
    super(`${option}: ${problem}`, options);
    this.option = option;
  }
}

/** A program could not be started: no such file, not executable, no more processes or ptys. */
export class SpawnError extends BaseError {
  readonly code = 'ERR_SPAWN';
}

/** A library that is pinned to one version is not the one that is installed; reinstall with `npm ci`. */
export class IncompatibleLibraryError extends BaseError {
  readonly code = 'ERR_INCOMPATIBLE_LIBRARY';
}

/** A connection ended otherwise than in order, told to whoever reads or awaits it; `reason` is what a protocol hears. */
export class ConnectionLostError extends BaseError {
  readonly code = 'ERR_CONNECTION_LOST';
  readonly reason: CloseReason;
  constructor(reason: CloseReason) {
    super(`the connection ended early: ${closeReasonText(reason)}`, 'error' in reason ? { cause: reason.error } : {});
    this.reason = reason;
  }
}

/** This platform, or Node on it, cannot do what was asked. The message says what to use instead. */
export class UnsupportedError extends BaseError {
  readonly code = 'ERR_UNSUPPORTED';
}

/** The person pressed control+C where a line was read; the line is gone, the connection is not. */
export class InterruptedError extends BaseError {
  readonly code = 'ERR_INTERRUPTED';
}

/** The person pressed control+D on an empty line: there will be no more lines. */
export class EndOfInputError extends BaseError {
  readonly code = 'ERR_END_OF_INPUT';
}

/** The server showed a host key that was not accepted: it may be somebody else. Nothing was sent to it but our name. */
export class HostKeyRefusedError extends BaseError {
  readonly code = 'ERR_HOST_KEY_REFUSED';
  /** `SHA256:` and base64 without padding, as OpenSSH prints it. */
  readonly fingerprint: string;
  constructor(fingerprint: string) {
    super(`the host key ${fingerprint} was not accepted; compare it with the server's before you trust it`);
    this.fingerprint = fingerprint;
  }
}

/** The server let none of our keys in; `methods` are the ways that it would take besides. */
export class LoginRefusedError extends BaseError {
  readonly code = 'ERR_LOGIN_REFUSED';
  readonly methods: readonly string[];
  constructor(problem: string, methods: readonly string[]) {
    super(problem);
    this.methods = methods;
  }
}

/** Whatever was thrown, as an Error; one from another realm (a worker's, a test runner's) is one too. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error || types.isNativeError(thrown)) return thrown;
  return new Error(String(thrown));
}
