/**
 * Jest in ES-module mode; ts-jest only strips types here, `npm run types` checks them.
 *
 * The flag that Jest needs for ES modules is in .npmrc. Whoever names a file or folder is shown every test by name.
 */
const namesPaths = process.argv.slice(2).some(argument => !argument.startsWith('-'));

export default {
  verbose: namesPaths,
  testEnvironment: 'node',
  // Whether somebody has built native/ makes no difference: tests of the addon build it themselves.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', 'without-native'] },
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: '<rootDir>/test/tsconfig.json' }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', '^nacre/(.*)$': '<rootDir>/$1/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // What hangs is to end; a machine that is ten times slower than most is to pass. Waits in tests end first: patience.ts.
  testTimeout: 60_000,
  // Half of the time is spent waiting for other programs, so that two at a time pay on any machine.
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/test/support/count-reporter.js'],
};
