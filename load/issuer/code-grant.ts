import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** What a page asks for when it sends a student to the provider (RFC 6749 4.1.1, with PKCE by RFC 7636). */
const authorizeSchema = z.object({
  response_type: z.literal('code'),
  client_id: z.string().min(1),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  state: z.string().min(1),
  code_challenge: z.string().length(43),
  code_challenge_method: z.literal('S256'),
  nonce: z.string().min(1).optional(),
});

const redeemSchema = z.object({
  grant_type: z.literal('authorization_code'),
  code: z.string().min(1),
  client_id: z.string().min(1),
  redirect_uri: z.string().min(1),
  code_verifier: z.string().min(43).max(128),
});

/** For whom, and by which page, a code was asked for. */
export interface Grant {
  studentId: string;
  clientId: string;
  /** What the page asked to find in the ID token. */
  nonce?: string;
}

interface PendingGrant extends Grant {
  redirectUri: string;
  challenge: string;
}

/** Codes of the local provider: each is good once, for the page that holds the verifier. */
export class CodeGrants {
  private readonly pending = new Map<string, PendingGrant>();

  /** Whether the query is one that a page may send a student with. */
  accepts(query: URLSearchParams): boolean {
    return authorizeSchema.safeParse(Object.fromEntries(query)).success;
  }

  /** Where the student goes back to, with a code. @throws Error for a query that is not accepted */
  grant(query: URLSearchParams, studentId: string): URL {
    const asked = authorizeSchema.parse(Object.fromEntries(query));
    const code = randomBytes(24).toString('base64url');
    this.pending.set(code, {
      studentId,
      clientId: asked.client_id,
      nonce: asked.nonce,
      redirectUri: asked.redirect_uri,
      challenge: asked.code_challenge,
    });
    const target = new URL(asked.redirect_uri);
    target.searchParams.set('code', code);
    target.searchParams.set('state', asked.state);
    return target;
  }

  /** Who a code stands for; undefined when it is not one, was used, or is another page's. */
  redeem(form: URLSearchParams): Grant | undefined {
    const asked = redeemSchema.safeParse(Object.fromEntries(form));
    if (!asked.success) return undefined;
    const { code, client_id: clientId, redirect_uri: redirectUri, code_verifier: verifier } = asked.data;
    const grant = this.pending.get(code);
    this.pending.delete(code);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const same = grant?.clientId === clientId && grant.redirectUri === redirectUri && grant.challenge === challenge;
    return same ? { studentId: grant.studentId, clientId, nonce: grant.nonce } : undefined;
  }
}
