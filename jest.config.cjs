const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '\\.[cm]?[jt]s$': '@swc/jest' },
  transformIgnorePatterns: ['/node_modules/(?!(jose)/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/client/dist'],
};

/** Jest itself has one limit for all projects; the setup file takes each project's own from its globals. */
const project = (name, testMatch, testTimeoutMs = 60_000) => ({
  ...base,
  displayName: name,
  testMatch,
  globals: { testTimeoutMs },
  setupFilesAfterEnv: ['<rootDir>/test/support/set-timeout.cjs'],
});

/** The limits (ms) only end what hangs: real servers on a machine with both cores taken are slow, and no test judges a time. */
module.exports = {
  projects: [
    project('unit', ['<rootDir>/src/**/*.spec.ts', '<rootDir>/client/**/*.spec.ts', '<rootDir>/load/**/*.spec.ts']),
    project('contract', ['<rootDir>/test/contract/**/*.spec.ts'], 300_000),
    project('integration', ['<rootDir>/test/integration/**/*.spec.ts'], 600_000),
    project('e2e', ['<rootDir>/test/e2e/**/*.spec.ts'], 600_000),
    project('chaos', ['<rootDir>/test/chaos/**/*.spec.ts'], 900_000),
  ],
};
