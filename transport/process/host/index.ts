/** Programs in a process of their own. */

/** Start a process host. */
export { startProcessHost, type ProcessHost, type ProcessHostEvent, type ProcessHostOptions } from './process-host.ts';
