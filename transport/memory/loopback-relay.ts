/**
 * Two transports joined in memory that move only when they are pumped: for tests that must see every step.
 *
 * One pump delivers what each end had sent before it; what is written meanwhile waits for the next, and is not lost
 * (Twisted's LoopbackRelay drops it when its writer closes at the same time). The promises of contracts.ts hold.
 */
import { setImmediate } from 'node:timers/promises';
import type { IConnection, IProtocol } from '../contracts.ts';
import { join, type LoopbackOptions } from './loopback.ts';

export interface LoopbackRelay {
  readonly near: IConnection;
  readonly far: IConnection;
  /** Deliver once; resolves when the protocols have heard it, with whether there was anything to deliver. */
  pump(): Promise<boolean>;
  /** Pump until nothing moves any more. Never resolves between two protocols that always answer each other. */
  pumpAll(): Promise<void>;
}

/** As `loopback`; nothing is delivered except by the pump. */
export function loopbackRelay(near?: IProtocol, far?: IProtocol, options: LoopbackOptions = {}): LoopbackRelay {
  const due: Array<() => void> = [];
  const [nearEnd, farEnd] = join(near, far, options, deliver => due.push(deliver));
  /** Calls take effect a microtask later, so let those of before and of during the delivery through. */
  const pump = async (): Promise<boolean> => {
    await setImmediate();
    const deliveries = due.splice(0);
    for (const deliver of deliveries) deliver();
    await setImmediate();
    return deliveries.length > 0;
  };
  const pumpAll = async (): Promise<void> => {
    while (await pump());
  };
  return { near: nearEnd, far: farEnd, pump, pumpAll };
}
