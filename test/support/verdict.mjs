import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const EXPECTED = ['unit', 'contract', 'integration', 'e2e'];

/** The sum of what Jest itself counted. A suite that could not run counts as one failed test. */
export function countTests(reports) {
  const sum = (read) => reports.reduce((total, report) => total + read(report), 0);
  return {
    passed: sum((report) => report.numPassedTests),
    failed: sum((report) => report.numFailedTests + report.numRuntimeErrorTestSuites),
    leftOut: sum((report) => report.numPendingTests + report.numTodoTests),
  };
}

/** What is wrong with a whole run although no test failed, a sentence each. */
export function findGaps(reports, root) {
  const { leftOut } = countTests(reports);
  const gaps = leftOut > 0 ? [`${leftOut} tests are skipped or only planned`] : [];
  const suites = reports.flatMap((report) => report.testResults);
  for (const { name, assertionResults, status } of suites) {
    if (status === 'passed' && assertionResults.length === 0) gaps.push(`${relative(root, name)} has no test`);
  }
  const ran = new Set(suites.map(({ name }) => projectOf(relative(root, name))));
  for (const project of [...EXPECTED, ...(hasSuites(join(root, 'test', 'chaos')) ? ['chaos'] : [])]) {
    if (!ran.has(project)) gaps.push(`the project ${project} ran no test`);
  }
  return gaps;
}

function projectOf(path) {
  const [top, project] = path.split(sep);
  return top === 'test' ? project : 'unit';
}

function hasSuites(folder) {
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => file.endsWith('.spec.ts'));
}
