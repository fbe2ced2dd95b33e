/**
 * Bytes that are the receiver's only until its call returns: what it keeps, it copies. Then all that is read can go
 * through one piece of memory, where new memory for each read costs as much as reading. For our own layers, not for
 * programs: a protocol that does not say that it borrows gets memory that it may keep.
 */
import type { IProtocol, ITransport } from './contracts.ts';

/** A protocol that looks at what it is given, and keeps none of it. */
export interface IBorrower {
  /** As `dataReceived`, for bytes that are somebody else's again when this returns. */
  dataBorrowed(data: Uint8Array): void;
}

export const isBorrower = (protocol: IProtocol): protocol is IProtocol & IBorrower => 'dataBorrowed' in protocol;

/** A process protocol that does so with a program's output. */
export interface IOutputBorrower {
  /** As `outReceived`, for bytes that are somebody else's again when this returns. */
  outBorrowed(data: Uint8Array): void;
}

/** A transport that copies what it keeps. */
interface IBorrowingTransport {
  /** As `write`, for bytes that are the caller's again when this returns. */
  writeBorrowed(data: Uint8Array): void;
}

const borrows = (transport: ITransport): transport is ITransport & IBorrowingTransport => 'writeBorrowed' in transport;

/** Write bytes that are somebody else's when this returns. */
export function writeBorrowed(transport: ITransport, data: Uint8Array): void {
  if (borrows(transport)) transport.writeBorrowed(data);
  else transport.write(Buffer.from(data));
}
