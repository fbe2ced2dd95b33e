/**
 * Asks the kernel to run this thread soon when it wakes, for who has a process of its own to serve with: on a machine
 * that is busy, a keystroke waits for the server to have a processor, and for its echo a second time.
 *
 * Nothing is taken from others: who runs for short whiles comes sooner, and has no more of the processor over time. What
 * the process starts later, programs and threads, is as it was. It needs the addon, and Linux 6.12.
 */
import { nativePrograms, type NativePrograms } from './process/native-programs.ts';

/** The least that Linux grants, in nanoseconds (kernel/sched/syscalls.c); it gives others 0.7 ms and more. */
const SHORT_SLICE = 100_000;

/** Answers whether the kernel says that it is so. Once, from the thread that it is to be so for. */
export function takeShortSlices(addon: Pick<NativePrograms, 'sliceOf'> | undefined = nativePrograms()): boolean {
  return addon?.sliceOf(SHORT_SLICE) === SHORT_SLICE;
}
