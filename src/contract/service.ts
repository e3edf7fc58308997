import { z } from 'zod';
import { call, type Calls } from './call';
import { atSchema, roomIdSchema, slug, termIdSchema } from './fields';
import { ADMISSION_ERRORS } from './seats';

/** Who is inside. */
export const admissionSchema = z
  .object({ studentId: z.string(), roomId: roomIdSchema, termId: termIdSchema, expiresAt: atSchema })
  .meta({ id: 'Admission' });

const jwkSchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  kid: z.string(),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
});

/** Whether new students should be sent to a pod. */
export const readinessSchema = z
  .object({
    ready: z.boolean(),
    draining: z.boolean(),
    database: z
      .enum(['ok', 'away'])
      .describe('Whether it answers. When it does not, students still queue, so the pod stays ready'),
    clock: z
      .enum(['ok', 'off'])
      .describe('`off` when this pod’s clock differs from the stores’ by more than CLOCK_SKEW_LIMIT_SECONDS'),
    redis: z
      .object({
        policy: z.string().describe('`maxmemory-policy` of the server; empty when it is not known'),
        missing: z
          .array(z.string())
          .describe('Rights that the user of REDIS_URL lacks, without which no pod gets ready'),
      })
      .optional()
      .describe('Clustered: whether Redis can carry the line'),
    lines: z.record(z.string(), z.enum(['ok', 'away'])).describe('Per room: whether its line is live on this pod'),
  })
  .meta({ id: 'Readiness' });

const anyone = { method: 'get', access: 'anyone' } as const;

/** What load balancers, orchestrators and other sites behind a room ask. */
export const serviceCalls = {
  jwks: call({
    ...{ ...anyone, path: '/.well-known/jwks.json', tag: 'admissions' },
    summary: 'Public keys that verify admission tokens',
    answer: z.object({ keys: z.array(jwkSchema) }),
  }),
  verifyAdmission: call({
    ...{ ...anyone, path: '/api/admissions/verify', tag: 'admissions' },
    summary: 'Whether an admission token is valid and its admission still lives',
    description:
      'Token in `Authorization: Bearer …` or `Admission-Token: …`. 200 with who is inside; 401 for any other token; 400 for a query that is none.',
    query: z.strictObject({ room: slug.optional().describe('Only an admission of this room will do') }),
    answer: admissionSchema,
    // nginx's auth_request understands 401 and 403 only.
    refusedWith: 401,
    errors: [...ADMISSION_ERRORS, 'room_not_found'],
  }),
  health: call({
    ...{ ...anyone, path: '/healthz', tag: 'health' },
    summary: 'The process runs. Says nothing of its stores: restarting it would not bring those back',
    answer: z.object({ status: z.literal('ok') }),
  }),
  readiness: call({
    ...{ ...anyone, path: '/readyz', tag: 'health' },
    summary: 'Whether new students should be sent to this pod: 200 or 503',
    answer: readinessSchema,
    alsoWith: 503,
  }),
} satisfies Calls;

export type Admission = z.infer<typeof admissionSchema>;
export type AdmissionJwk = z.infer<typeof jwkSchema>;
export type ReadinessReport = z.infer<typeof readinessSchema>;
export type RedisReadiness = NonNullable<ReadinessReport['redis']>;
