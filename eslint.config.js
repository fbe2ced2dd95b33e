/** Type-aware linting: no floating promises, no `any`, and no `as` or `!` where no foreign library enters. */
import tseslint from 'typescript-eslint';

/** The files that import a foreign library whose types do not tell enough (CONTRIBUTING.md names the rule). */
const foreign = [
  'ssh/ssh2/**',
  'transport/process/node-pty.ts',
  'transport/process/pty-master.ts',
  'terminal/screen/headless.ts',
];

export default tseslint.config(
  { ignores: ['dist/', 'keys/host/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      eqeqeq: ['error', 'always'],
      'no-control-regex': 'off',
    },
  },
  {
    files: [
      'transport/**/*.ts',
      'ssh/**/*.ts',
      'keys/**/*.ts',
      'terminal/**/*.ts',
      'server/**/*.ts',
      'testing/**/*.ts',
      'bin/**/*.ts',
    ],
    ignores: foreign,
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      'no-console': 'error',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/require-await': 'off' },
  },
);
