import { z } from 'zod';
import { type AskedOf, call, type Calls } from './call';
import { atSchema, countSchema, noteBody, serverTimeSchema, studentIdSchema } from './fields';

export const languageSchema = z.enum(['ko', 'en']);

export const nameSchema = z.string().trim().min(1).max(200);

/** As it is written, by a person or a provider. */
export const classYearSchema = z.string().trim().min(1).max(16);

/** A student with a sign-in of ours that still holds. */
export const signedInStudentSchema = z
  .object({
    id: studentIdSchema,
    name: z.string(),
    classYear: z.string().optional().describe('As the roster or the provider writes it: `1` to `4`, `senior`, …'),
    email: z.string().optional(),
    language: languageSchema.describe('Of mails'),
    issuedAt: atSchema,
    expiresAt: atSchema,
  })
  .meta({ id: 'Student' });

export const signInSchema = z
  .object({
    token: z.string().describe('Our own signed sign-in, for the cookie or as bearer token'),
    student: signedInStudentSchema,
    expiresAt: atSchema,
  })
  .meta({ id: 'SignIn' });

/** How a page signs a student in by OIDC code + PKCE. */
export const pageSignInSchema = z.object({
  issuer: z.string().optional().describe('Who checks the token'),
  clientId: z.string(),
  authorizeUrl: z.string(),
  tokenUrl: z.string(),
  scope: z.string().optional().describe('Space-separated; `openid` when missing'),
  exchange: z
    .enum(['page', 'pod'])
    .optional()
    .describe('`pod`: the page gives its code to /api/sign-in/exchange; `page`, also when missing: to `tokenUrl`'),
  prompt: z.string().optional().describe('What the provider is to ask at every sign-in'),
  signOutUrl: z.string().optional().describe('Where the page goes after signing out'),
});

/** What a page must know before anybody is signed in. */
export const serviceConfigSchema = z
  .object({
    signIn: z.enum(['demo', 'sso']),
    sso: pageSignInSchema
      .optional()
      .describe('For OIDC code + PKCE by the page; missing where the provider’s token comes another way'),
    reconnectDelayMaxMs: z.number().optional().describe('Longest wait between two tries to reconnect, ms'),
    serverTime: serverTimeSchema,
  })
  .meta({ id: 'ServiceConfig' });

const demoSchema = z
  .strictObject({
    studentId: studentIdSchema,
    name: nameSchema.optional(),
    classYear: classYearSchema.optional(),
    language: languageSchema.optional(),
  })
  .meta({ example: { studentId: '20261234', name: 'Kim Minji', classYear: '2', language: 'ko' } });

const ssoSchema = z
  .strictObject({
    token: z.string().min(1).max(16_384).describe('The provider’s ID or access token (JWT)'),
    nonce: z.string().min(1).max(256).optional().describe('What the page had asked the provider to put into it'),
    language: languageSchema.optional(),
  })
  .meta({ example: { token: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIyMDI2MTIzNCJ9.c2lnbmF0dXJl', language: 'en' } });

const codeSchema = z
  .strictObject({
    code: z.string().min(1).max(4_096),
    codeVerifier: z.string().min(43).max(128).describe('PKCE, RFC 7636'),
    redirectUri: z.url().max(2_048).describe('Where the provider sent the student; what the page had asked for'),
  })
  .meta({
    example: {
      code: 'SplxlOBeZQQYbYS6WxSbIA',
      codeVerifier: 'k3Hn2vQ0yTzPf8sRwLxUaJ6cMbEg1dN4oZi7qYt5WpS',
      redirectUri: 'https://register.example.edu/',
    },
  });

/** As the provider names them. */
export const exchangedTokensSchema = z.object({ id_token: z.string().optional(), access_token: z.string().optional() });

/** What another list would do to those who may register by this one. */
export const rosterLossSchema = z.object({
  students: countSchema.describe('Who may register now'),
  lost: countSchema.describe('Who of them could not any more: no longer named, or held'),
});

/** The roster as a pod has it; all have the same within a second. */
export const rosterStateSchema = z
  .object({
    inForce: z.boolean().describe('Whether there is one; without, everybody who signs in may register'),
    students: countSchema.describe('Whom it names'),
    refused: rosterLossSchema
      .optional()
      .describe('What the file that this pod read last would have done, when it was refused for that'),
  })
  .meta({ id: 'Roster' });

const reloadSchema = z.strictObject({
  force: z.stringbool().default(false).describe('Also a file by which many who may register now could not any more'),
});

const operator = { tag: 'operator', access: 'operator' } as const;

const anyone = { tag: 'sign-in', access: 'anyone' } as const;

export const identityCalls = {
  publicConfig: call({
    ...{ method: 'get', path: '/api/config', ...anyone },
    summary: 'How to sign in here, and the time of the server',
    answer: serviceConfigSchema,
  }),
  signInDemo: call({
    ...{ method: 'post', path: '/api/sign-in/demo', ...anyone },
    summary: 'Sign in under any student id; only where the demo sign-in is on',
    body: demoSchema,
    answer: signInSchema,
    errors: ['sign_in_refused', 'not_on_roster'],
  }),
  signInSso: call({
    ...{ method: 'post', path: '/api/sign-in/sso', ...anyone },
    summary: 'Exchange the university’s token for a sign-in of our own',
    body: ssoSchema,
    answer: signInSchema,
    errors: ['sign_in_refused', 'sign_in_unavailable', 'not_on_roster'],
  }),
  exchangeCode: call({
    ...{ method: 'post', path: '/api/sign-in/exchange', ...anyone },
    summary:
      'Exchange the code of the university for its token, for the page to sign in with; where `exchange` is `pod`',
    body: codeSchema,
    answer: exchangedTokensSchema,
    errors: ['sign_in_refused', 'sign_in_unavailable'],
  }),
  signOut: call({
    ...{ method: 'post', path: '/api/sign-out', ...anyone },
    summary: 'End this sign-in, also for whoever has a copy of it; a place in line stays',
    errors: ['sign_in_ambiguous'],
  }),
  signOutEverywhere: call({
    ...{ method: 'post', path: '/api/sign-out/everywhere', tag: 'sign-in', access: 'student' },
    summary: 'End all my sign-ins, in every browser and on every device; places in line stay',
  }),
  me: call({
    ...{ method: 'get', path: '/api/me', tag: 'sign-in', access: 'student' },
    summary: 'Who is signed in',
    answer: z.object({ student: signedInStudentSchema }),
  }),
  roster: call({
    ...{ method: 'get', path: '/api/operator/roster', ...operator },
    summary: 'How many the roster names, and whether a file was refused',
    answer: rosterStateSchema,
  }),
  reloadRoster: call({
    ...{ method: 'post', path: '/api/operator/roster/reload', ...operator },
    summary:
      'Read ROSTER_FILE again, for all pods, as SIGHUP does; refused when many who may register could not any more',
    query: reloadSchema,
    answer: rosterStateSchema,
    errors: ['not_found', 'conflict'],
  }),
  endSignIns: call({
    ...{ method: 'delete', path: '/api/operator/students/{studentId}/sign-ins', ...operator },
    summary: 'End all of a student’s sign-ins, with the reason; a place in line and seats stay',
    body: noteBody('The student’s phone was stolen'),
  }),
  logName: call({
    ...{ method: 'get', path: '/api/operator/students/{studentId}/log-name', ...operator },
    summary: 'What stands for a student in the log of every pod',
    answer: z.object({ student: z.string().describe('The field of that name') }),
  }),
} satisfies Calls;

export type MailLanguage = z.infer<typeof languageSchema>;
export type SignedInStudent = z.infer<typeof signedInStudentSchema>;
export type SignIn = z.infer<typeof signInSchema>;
export type PageSignIn = z.infer<typeof pageSignInSchema>;
export type ServiceConfig = z.infer<typeof serviceConfigSchema>;
export type RosterLoss = z.infer<typeof rosterLossSchema>;
export type RosterState = z.infer<typeof rosterStateSchema>;
export type AuthorizationCode = AskedOf<typeof identityCalls.exchangeCode>['body'];
export type ExchangedTokens = z.infer<typeof exchangedTokensSchema>;
