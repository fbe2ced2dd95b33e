/** Exit codes of the `nacre` command. They are API; `--help` prints this table. 78 is sysexits.h EX_CONFIG. */
export const exitCodes = {
  ok: { code: 0, means: 'done; for a server: stopped by SIGINT or SIGTERM' },
  failure: { code: 1, means: 'failed while running: an address is taken, a file cannot be written' },
  usage: { code: 2, means: 'the command line is wrong' },
  configuration: { code: 78, means: 'a setting, or a key or file that it names, is missing or wrong' },
} as const;

/** The table, for the end of a help text. */
export const exitCodeHelp = [
  'Exit codes:',
  ...Object.values(exitCodes).map(({ code, means }) => `  ${String(code).padEnd(3)} ${means}`),
].join('\n');
