/**
 * How much may wait in a connection's queue, unless somebody says so.
 */
import type { QueueLimits } from './contracts.ts';

export const queueDefaults: Required<QueueLimits> = Object.freeze({
  highWaterMark: 65_536,
  lowWaterMark: 0,
  maxQueueBytes: 16 * 1024 * 1024,
});

/** `given`, filled up from the defaults, which all connections without limits of their own share. */
export function queueLimits({ highWaterMark, lowWaterMark, maxQueueBytes }: QueueLimits): Required<QueueLimits> {
  if (highWaterMark === undefined && lowWaterMark === undefined && maxQueueBytes === undefined) return queueDefaults;
  return {
    highWaterMark: highWaterMark ?? queueDefaults.highWaterMark,
    lowWaterMark: lowWaterMark ?? queueDefaults.lowWaterMark,
    maxQueueBytes: maxQueueBytes ?? queueDefaults.maxQueueBytes,
  };
}
