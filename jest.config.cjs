const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '\\.[cm]?[jt]s$': '@swc/jest' },
  transformIgnorePatterns: ['/node_modules/(?!(jose)/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/client/dist'],
};

/** Jest itself has one limit for all projects; the setup file takes each project's own from its globals. */
const project = (name, testMatch, testTimeoutMs = 10_000) => ({
  ...base,
  displayName: name,
  testMatch,
  globals: { testTimeoutMs },
  setupFilesAfterEnv: ['<rootDir>/test/support/set-timeout.cjs'],
});

/** The limits (ms) leave room for real servers that start on a busy machine. */
module.exports = {
  projects: [
    project('unit', ['<rootDir>/src/**/*.spec.ts', '<rootDir>/client/**/*.spec.ts', '<rootDir>/load/**/*.spec.ts']),
    project('contract', ['<rootDir>/test/contract/**/*.spec.ts'], 60_000),
    project('integration', ['<rootDir>/test/integration/**/*.spec.ts'], 120_000),
    project('e2e', ['<rootDir>/test/e2e/**/*.spec.ts'], 120_000),
    project('chaos', ['<rootDir>/test/chaos/**/*.spec.ts'], 300_000),
  ],
};
