/** How much waits on the line between a server and its process host, and for it: enough to keep both busy. */
import type { QueueLimits } from '../../contracts.ts';

export const lineLimits: QueueLimits = Object.freeze({ highWaterMark: 256 * 1024, lowWaterMark: 64 * 1024 });
