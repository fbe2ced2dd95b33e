/** Process hosts for tests. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll } from '@jest/globals';
import {
  startProcessHost,
  type ProcessHost,
  type ProcessHostEvent,
  type ProcessHostOptions,
} from '../../transport/process/host/index.ts';
import { build } from '../interop/build.ts';
import { closeAfterTest } from './cleanup.ts';
import { Journal } from './journal.ts';

export interface TestHost {
  readonly host: ProcessHost;
  readonly events: Journal<ProcessHostEvent>;
}

beforeAll(build, 120_000); // a host is a program of its own

/** A host that ends after the test. */
export async function openHost(options: Pick<ProcessHostOptions, 'answerTime'> = {}): Promise<TestHost> {
  const events = new Journal<ProcessHostEvent>();
  const host = await startProcessHost({ ...options, onEvent: event => events.note(event) });
  closeAfterTest(() => host.close());
  return { host, events };
}

/** One for all tests of a file, which they get by calling what this returns. */
export function sharedHost(): () => ProcessHost {
  let host: ProcessHost;
  beforeAll(async () => {
    host = await startProcessHost();
  }, 120_000);
  afterAll(() => host.close());
  return () => host;
}

/** What the descriptors of a process are, as far as they can be seen. */
export const descriptorTargets = (pid: number | 'self'): string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return []; // closed meanwhile
    }
  });

/** Ticks of processor time that a process has used (proc(5), utime and stime), 100 a second. */
export function processorTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
