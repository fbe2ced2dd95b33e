/** What a server and the processes that it started have used: processor time and memory, from Linux's /proc (proc(5)). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks, with those of children that have ended and been waited for. */
  readonly ticks: number;
}

/** Linux counts in hundredths of a second wherever Node runs. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time of `pid` and all below it. */
export const processorSeconds = (pid: number): number =>
  family(pid).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND;

/** KiB of memory, pages that are shared divided among those who share them (PSS), of all below `pid` that run its program. */
export function memory(pid: number): number {
  const server = program(pid);
  const own = family(pid).filter(process => program(process.pid) === server);
  return own.reduce((sum, process) => sum + proportionalSet(process.pid), 0);
}

const program = (pid: number): string => attempt(() => readlinkSync(`/proc/${pid}/exe`)) ?? '';

function proportionalSet(pid: number): number {
  const rollup = attempt(() => readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? '';
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
}

function family(pid: number): Process[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => processOf(Number(name)));
  const members = all.filter(process => process.pid === pid);
  for (const member of members) members.push(...all.filter(process => process.parent === member.pid));
  return members;
}

/** Fields of /proc/PID/stat behind the name, which may hold anything: 4 is the parent, 14 to 17 the times. */
function processOf(pid: number): Process[] {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (stat === undefined) return [];
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15);
  return [{ pid, parent: fields[1] ?? 0, ticks: user + system + childrenUser + childrenSystem }];
}

/** A process may end while it is looked at. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
