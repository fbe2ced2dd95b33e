/** The code of a system error (`ENOENT`, `EACCES` …), or undefined for anything else that was thrown. */
export const errorCode = (thrown: unknown): string | undefined =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
