/** Let the event loop go round `count` times: for facts of the form "and it does not happen". Not a clock. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}
