/** The setting `algorithms`: a profile or lists of names, checked by the server that offers them. */
import { z } from 'zod';
import { chosenAlgorithms, type AlgorithmChoice } from '../server/algorithm-choice.ts';
import { ConfigError } from '../transport/errors.ts';

export const algorithms = z.custom<AlgorithmChoice>().superRefine((choice, context) => {
  const problem = problemOf(choice);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, input: choice });
});

/** Less the setting's own name, which whoever shows it puts before it. */
function problemOf(choice: unknown): string | undefined {
  try {
    chosenAlgorithms(choice, '');
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replace(/^: /, '').replace(/^\./, '');
  }
}
