import { z } from 'zod';

/** So many virtual users do the same, so many times each. */
export interface Scenario {
  vus: number;
  /** Of each virtual user. */
  iterations: number;
  /** Name of the exported function. */
  exec: string;
  /** ms; what is not over then is broken off, and the run has failed. */
  limitMs: number;
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, 'a duration such as 90s or 1m30s')
  .transform((text) =>
    [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce(
      (total, [, amount, unit = '']) => total + Number(amount) * (UNIT_MS[unit] ?? NaN),
      0,
    ),
  );

/** Strict: an option that the host does not know must not be passed over. */
const scenarioSchema = z.strictObject({
  executor: z.literal('per-vu-iterations'),
  vus: z.int().min(1).default(1),
  iterations: z.int().min(1).default(1),
  maxDuration: duration.default(600_000),
  gracefulStop: duration.default(30_000),
  exec: z.string().default('default'),
});

const optionsSchema = z.strictObject({
  scenarios: z.record(z.string(), scenarioSchema),
  thresholds: z.record(z.string(), z.unknown()).default({}),
  summaryTrendStats: z.array(z.string()).optional(),
});

/** @throws Error that names the option which this host does not know */
export function readOptions(options: unknown): { scenarios: Scenario[]; limits: Record<string, unknown> } {
  const { success, data, error } = optionsSchema.safeParse(options);
  if (!success) throw new Error(`the script's options: ${z.prettifyError(error)}`);
  const scenarios = Object.values(data.scenarios).map(({ vus, iterations, exec, maxDuration, gracefulStop }) => {
    return { vus, iterations, exec, limitMs: maxDuration + gracefulStop };
  });
  return { scenarios, limits: data.thresholds };
}
