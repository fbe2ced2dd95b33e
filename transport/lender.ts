/**
 * Transports that give bytes back when the system has copied them, for a writer that fills the same memory again and
 * again: fresh memory for all that is written costs as much as writing it. For our own layers, not for programs.
 */
import type { ITransport } from './contracts.ts';

export interface ILender {
  /**
   * As `write`, but `data` is only lent: it is the caller's again once `returned` is called, never before this call has
   * returned. A connection that ends before that keeps it.
   */
  lend(data: Uint8Array, returned: () => void): void;
}

export const isLender = (transport: ITransport): transport is ITransport & ILender => 'lend' in transport;
