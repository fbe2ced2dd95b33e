/** How fast something is done again and again on one core: the median of rounds that each work through the same bytes. */
import { median } from './measure.ts';

/** Of the command line: how often each figure is measured. */
const rounds = Number(process.argv[2] ?? '9');

/** Runs per second of `run`, each doing `amount` of something. */
export function rate(amount: number, run: () => void): number {
  run();
  const figures = Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return amount / ((performance.now() - start) / 1_000);
  });
  return median(figures);
}

export function report(name: string, figure: number, unit: string): void {
  process.stdout.write(`${name.padEnd(44)}${figure.toFixed(1).padStart(10)} ${unit}\n`);
}

/** `text` over and over, `bytes` in all, in pieces as a connection would bring them. */
export function pieces(text: string, bytes: number, size = 65_536): Buffer[] {
  const data = Buffer.alloc(bytes, text);
  return Array.from({ length: Math.ceil(bytes / size) }, (_, index) => data.subarray(index * size, (index + 1) * size));
}
