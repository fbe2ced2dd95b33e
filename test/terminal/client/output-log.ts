/** What a decoder tells, a line each; runs of text are one, as their cuts mean nothing. */
import type { Operation } from '../../../terminal/client/operation.ts';
import type { OutputOptions } from '../../../terminal/client/options.ts';
import { OutputDecoder, type OutputListener } from '../../../terminal/client/output-decoder.ts';
import type { Question } from '../../../terminal/client/question.ts';

export type Told = { readonly text: string } | Operation | Question | { readonly unhandled: string };

export class OutputLog implements OutputListener {
  readonly told: Told[] = [];

  text(text: string): void {
    const last = this.told.at(-1);
    if (last && 'text' in last) this.told.splice(-1, 1, { text: last.text + text });
    else this.told.push({ text });
  }

  operation(operation: Operation): void {
    this.told.push(operation);
  }

  question(question: Question): void {
    this.told.push(question);
  }

  unhandled(sequence: Uint8Array): void {
    this.told.push({ unhandled: Buffer.from(sequence).toString('latin1') });
  }
}

/** What `pieces` of output are, one after the other. */
export function told(pieces: readonly (string | Uint8Array)[], options: OutputOptions = { clipboard: true }): Told[] {
  const log = new OutputLog();
  const decoder = new OutputDecoder(log, options);
  for (const piece of pieces) decoder.feed(Buffer.from(piece));
  decoder.end();
  return log.told;
}
