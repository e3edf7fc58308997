/**
 * Runs a k6 script without k6, as far as our own scripts need it:
 *
 *   npm run k6:host -- [-e NAME=value …] [--summary-export FILE] SCRIPT
 *
 * Exit codes as k6's: 0, 99 for crossed thresholds, 107 for a script that threw or aborted, 255 for a wrong call.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Metric } from './metrics';
import { type Run, runScript } from './run';

const FIGURES = { counter: ['count', 'rate'], gauge: ['value'], rate: ['rate'], trend: ['min', 'med', 'p(95)', 'max'] };

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      env: { type: 'string', short: 'e', multiple: true, default: [] },
      'summary-export': { type: 'string' },
    },
    allowPositionals: true,
  });
  const [script] = positionals;
  if (script === undefined || positionals.length > 1) throw new Error('name one script');
  const given = values.env.map((setting) => {
    const at = setting.indexOf('=');
    if (at < 1) throw new Error(`-e ${setting}: NAME=value is needed`);
    return [setting.slice(0, at), setting.slice(at + 1)];
  });
  const run = await runScript(script, { ...process.env, ...Object.fromEntries(given) } as Record<string, string>);
  const summaryFile = values['summary-export'];
  if (summaryFile !== undefined) writeFileSync(summaryFile, JSON.stringify(summary(run), undefined, 2));
  print(run);
  if (run.problems.length > 0) return 107;
  return run.thresholds.some((threshold) => threshold.isCrossed()) ? 99 : 0;
}

/** In the form of k6's own export, where true says that a threshold was crossed. */
function summary({ metrics, thresholds }: Run): object {
  const entries = metrics.all().map((metric) => {
    const own = thresholds.filter((threshold) => threshold.metric === metric);
    const crossed = Object.fromEntries(own.map((threshold) => [threshold.text, threshold.isCrossed()]));
    return [metric.name, { ...figures(metric), ...(own.length > 0 ? { thresholds: crossed } : {}) }];
  });
  return { metrics: Object.fromEntries(entries) as object };
}

const figures = (metric: Metric): Record<string, number | undefined> =>
  Object.fromEntries(FIGURES[metric.kind].map((name) => [name, metric.figure(name)]));

function print({ metrics, thresholds, problems }: Run): void {
  for (const metric of metrics.all().filter(({ hasSamples }) => hasSamples)) {
    const shown = Object.entries(figures(metric)).map(([name, figure]) => `${name}=${Number(figure?.toFixed(2))}`);
    console.log(`  ${metric.name.padEnd(28, '.')} ${shown.join(' ')}`);
  }
  for (const threshold of thresholds) {
    console.log(`  ${threshold.isCrossed() ? '✗' : '✓'} ${threshold.metric.name} ${threshold.text}`);
  }
  for (const problem of problems) console.error(problem);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 255;
  },
);
