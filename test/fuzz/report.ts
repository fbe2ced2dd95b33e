/** What a run of the fuzzer saw: for each stage, how much was sent, what came back, and how connections ended. */
import { Message } from '../../ssh/codes.ts';

/** Something that must not happen. */
export interface Problem {
  /** Which case; undefined for what belongs to no case. */
  readonly case: number | undefined;
  readonly what: string;
}

interface Coverage {
  cases: number;
  packets: number;
  readonly ends: Map<string, number>;
  readonly answers: Map<string, number>;
}

const names = new Map<number, string>(Object.entries(Message).map(([name, number]) => [number, name]));

export class FuzzReport {
  readonly problems: Problem[] = [];
  /** MiB of memory, from when the run had warmed up to its end. */
  grownBy = 0;
  readonly #seed: number;
  readonly #stages = new Map<string, Coverage>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  get packets(): number {
    return [...this.#stages.values()].reduce((sum, { packets }) => sum + packets, 0);
  }

  /** Spoiled packets of each stage. */
  get packetsByStage(): Record<string, number> {
    return Object.fromEntries([...this.#stages].map(([stage, { packets }]) => [stage, packets]));
  }

  sent(stage: string): void {
    this.#of(stage).packets += 1;
  }

  answered(stage: string, numbers: readonly number[]): void {
    for (const number of numbers) count(this.#of(stage).answers, names.get(number) ?? `message ${number}`);
  }

  ended(stage: string, how: string): void {
    const coverage = this.#of(stage);
    coverage.cases += 1;
    count(coverage.ends, how);
  }

  problem(what: string, number?: number): void {
    this.problems.push({ case: number, what });
  }

  /** One line each, with how to see it again. */
  get complaints(): string[] {
    return this.problems.map(({ case: number, what }) =>
      number === undefined ? what : `${what}\n  again: npm run fuzz -- --seed ${this.#seed} --case ${number}`,
    );
  }

  /** For people: a paragraph for each stage. */
  get text(): string {
    const paragraphs = [...this.#stages].map(([stage, coverage]) => paragraph(stage, coverage));
    return [...paragraphs, `${this.packets} spoiled packets; memory grew by ${this.grownBy.toFixed(1)} MiB`].join('\n');
  }

  #of(stage: string): Coverage {
    const known = this.#stages.get(stage);
    if (known) return known;
    const coverage: Coverage = { cases: 0, packets: 0, ends: new Map(), answers: new Map() };
    this.#stages.set(stage, coverage);
    return coverage;
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

const listed = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts].sort(([, a], [, b]) => b - a).map(([what, times]) => `    ${String(times).padStart(7)}  ${what}`);

const paragraph = (stage: string, { cases, packets, ends, answers }: Coverage): string =>
  [
    `${stage}: ${packets} spoiled packets on ${cases} connections`,
    '  ended',
    ...listed(ends),
    ...(answers.size === 0 ? [] : ['  answers', ...listed(answers)]),
    '',
  ].join('\n');
