/**
 * How long a test waits for what has to come before it fails and says what came instead, in milliseconds: some ten times
 * what the slowest needs on a machine that is busy, and less than Jest gives each test (jest.config.js).
 */
export const PATIENCE = 40_000;
