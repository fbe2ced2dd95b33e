/** Programs that run to their end, on pipes and on a terminal, and what is left of them. */
import { spawnPipes } from '../../../transport/process/pipes.ts';
import type { Program } from '../../../transport/process/program.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { quiet } from '../../support/terminals.ts';

export interface Ended {
  readonly out: string;
  readonly err: string;
  /** Both, one behind the other. */
  readonly said: string;
  readonly code: number | null;
}

/** Without the addon. */
export const kinds: ReadonlyArray<readonly [kind: string, run: (what: Program) => Promise<Ended>]> = [
  ['on pipes', what => endOf(recorder => spawnPipes(what, recorder))],
  ['on a terminal', what => endOf(recorder => spawnPty(what, quiet, recorder))],
];

export async function endOf(start: (recorder: ProcessRecorder) => unknown): Promise<Ended> {
  const recorder = new ProcessRecorder();
  start(recorder);
  const { code } = await recorder.untilEnded();
  const [out, err] = [recorder.text, recorder.errText];
  return { out, err, said: out + err, code };
}
