import { unitTests } from './scripts/unit-tests.mjs';

/** `npm run test:long` adds test/long: real datasets in full, killed workers, fits that take hours. */
const long = process.env.CURATOR_TEST_LONG === '1';
/** `npm run test:unit` runs the tests that need no server, no process and no build: `fast` or `all` of them. */
const unit = process.env.CURATOR_TEST_UNIT;

export default {
  testEnvironment: '<rootDir>/test/support/plain-context.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  roots: ['<rootDir>/test'],
  testPathIgnorePatterns: long ? [] : ['<rootDir>/test/long/'],
  ...(unit
    ? {
        testMatch: unitTests({ includeSlow: unit === 'all' }).map((file) => `<rootDir>/${file}`),
        setupFiles: ['<rootDir>/test/support/no-servers.ts'],
      }
    : {}),
  testTimeout: 120_000,
  // On two cores: tests with servers spend half of their time waiting.
  maxWorkers: 3,
};
