/** Long tests (real datasets in full, kills, hours of fitting) live in test/long and run by `npm run test:long`. */
const long = process.env.CURATOR_TEST_LONG === '1';

export default {
  testEnvironment: 'node',
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
  testTimeout: 120_000,
  // On two cores: half of the time a test waits for a server.
  maxWorkers: 3,
};
