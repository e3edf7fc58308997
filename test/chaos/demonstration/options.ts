import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';

export const USAGE = `npm run demonstrate -- [--students N] [--seconds N] [--every N] [--pods N] [--seed S] [--json] [--quick]

Pods behind nginx, with the settings that the service has by itself, and students who wait. While the line moves, one pod
is killed and another one rolled (SIGTERM, and back) again and again; then everybody is let in. Ends with what became of
the students' places. Exit code 1 when one was lost, somebody was overtaken, or saw any error but a short reconnect.

  --students N   how many (2000)
  --seconds N    how long pods are killed and rolled (120)
  --every N      seconds between two strikes (10)
  --pods N       how many pods (4)
  --seed S       repeats who comes when and which pods are struck (random by default)
  --json         the last line of the standard output is one JSON object
  --quick        200 students, 20 seconds`;

const schema = z.object({
  students: z.coerce.number().int().min(10).max(20_000),
  seconds: z.coerce.number().int().min(1).max(86_400),
  every: z.coerce.number().int().min(5).max(3_600),
  pods: z.coerce.number().int().min(3).max(16),
  seed: z.string().min(1).max(30).optional(),
  json: z.boolean(),
});

export interface DemonstrationOptions extends z.infer<typeof schema> {
  seed: string;
}

/** @returns undefined when the usage was asked for. @throws Error that says which option is wrong */
export function readOptions(args: string[]): DemonstrationOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      students: { type: 'string' },
      seconds: { type: 'string' },
      every: { type: 'string', default: '10' },
      pods: { type: 'string', default: '4' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { students = values.quick ? '200' : '2000', seconds = values.quick ? '20' : '120', ...rest } = values;
  const parsed = schema.safeParse({ ...rest, students, seconds });
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'));
  }
  return { ...parsed.data, seed: parsed.data.seed ?? randomBytes(4).toString('hex') };
}
