import { join } from 'node:path';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; status: string; assertionResults: object[] }[];
}

interface Verdict {
  countTests: (reports: Report[]) => { passed: number; failed: number; leftOut: number };
  findGaps: (reports: Report[], root: string) => string[];
}

const { countTests, findGaps } = jest.requireActual<Verdict>('../../support/verdict.mjs');

/** A place without test/chaos. */
const ROOT = join(__dirname, 'nowhere');

const suite = (path: string, tests = 1): Report['testResults'][number] => ({
  name: join(ROOT, path),
  status: 'passed',
  assertionResults: Array.from({ length: tests }, () => ({})),
});

const report = (changes: Partial<Report> = {}): Report => ({
  numPassedTests: 4,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [
    suite('src/line/ticket.spec.ts'),
    suite('test/contract/line.spec.ts'),
    suite('test/integration/nginx.spec.ts'),
    suite('test/e2e/page.spec.ts'),
  ],
  ...changes,
});

describe('the verdict on a test run', () => {
  it('is clean when every project ran all of its tests', () => {
    expect(findGaps([report()], ROOT)).toEqual([]);
  });

  it('adds up several reports and counts a suite that could not run as failed', () => {
    const broken = report({ numPassedTests: 1, numFailedTests: 2, numRuntimeErrorTestSuites: 1 });
    expect(countTests([report(), broken])).toEqual({ passed: 5, failed: 3, leftOut: 0 });
  });

  it.each<[string, Partial<Report>, string]>([
    ['a skipped test', { numPendingTests: 1 }, '1 tests are skipped or only planned'],
    ['a planned test', { numTodoTests: 2 }, '2 tests are skipped or only planned'],
    [
      'an empty suite',
      { testResults: [...report().testResults, suite('src/x.spec.ts', 0)] },
      'src/x.spec.ts has no test',
    ],
    ['a project without tests', { testResults: report().testResults.slice(0, 3) }, 'the project e2e ran no test'],
  ])('minds %s', (_, changes, gap) => {
    expect(findGaps([report(changes)], ROOT).join()).toContain(gap);
  });
});
