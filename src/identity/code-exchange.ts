import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { exchangedTokensSchema, type AuthorizationCode, type ExchangedTokens } from '../contract/identity';
import { DomainError } from '../common/domain-error';
import { rootText } from '../common/text';
import type { SsoConfig } from '../config/config';

/** How long the provider may take to answer, ms. */
const EXCHANGE_TIMEOUT_MS = 5_000;
/** Anybody may ask for an exchange; more than these wait for nothing but the provider. */
const MOST_UNDER_WAY = 200;
/** Why exchanges fail is said at most this often: anybody can make them fail, ms. */
const SAY_EVERY_MS = 1_000;
/** Of what a provider says about a failure, characters. */
const MOST_SAID = 300;

const refusalSchema = z.object({ error: z.string(), error_description: z.string().optional() }).partial();

type Secret = { clientId: string; clientSecret: string; tokenUrl: string };

/**
 * Exchanges codes for tokens where we are a confidential client (AUTH_CLIENT_SECRET): the secret stays here. Why an
 * exchange failed is in the log; the student only hears that it did.
 */
export class CodeExchange {
  private readonly logger = new Logger('Identity');
  private underWay = 0;
  private saidAt = -SAY_EVERY_MS;
  private unsaid = 0;

  constructor(
    private readonly sso:
      Pick<SsoConfig, 'clientId' | 'clientSecret' | 'tokenUrl' | 'clientAuthentication'> | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * The provider's ID token; its access token where there is none.
   *
   * @throws DomainError `sign_in_refused`; `sign_in_unavailable` (retryable) when the provider is away; `busy`
   */
  async exchange(code: AuthorizationCode): Promise<ExchangedTokens> {
    const secret = this.secret();
    if (!secret) throw new DomainError('sign_in_refused', 'The page exchanges its code itself here.');
    if (this.underWay >= MOST_UNDER_WAY) {
      throw new DomainError('busy', 'Very many are signing in right now. Please try again in a moment.');
    }
    this.underWay += 1;
    try {
      return await this.ask(secret, code);
    } finally {
      this.underWay -= 1;
    }
  }

  private secret(): Secret | undefined {
    const { clientId, clientSecret, tokenUrl } = this.sso ?? {};
    return clientId && clientSecret && tokenUrl ? { clientId, clientSecret, tokenUrl } : undefined;
  }

  private async ask(secret: Secret, code: AuthorizationCode): Promise<ExchangedTokens> {
    let status: number;
    let answer: unknown;
    try {
      const response = await fetch(secret.tokenUrl, {
        ...this.request(secret, code),
        redirect: 'error',
        signal: AbortSignal.timeout(EXCHANGE_TIMEOUT_MS),
      });
      ({ status } = response);
      answer = await response.json().catch(() => undefined);
    } catch (error) {
      throw this.failed('sign_in_unavailable', `AUTH_TOKEN_URL does not answer: ${rootText(error)}`);
    }
    if (status >= 500 || status === 429) throw this.failed('sign_in_unavailable', `it answers ${status}`);
    if (status >= 400) throw this.failed('sign_in_refused', refusalText(status, answer));
    const { id_token: idToken, access_token: accessToken } = exchangedTokensSchema.safeParse(answer).data ?? {};
    if (!idToken && !accessToken)
      throw this.failed('sign_in_refused', 'its answer holds neither an id_token nor an access_token');
    return idToken ? { id_token: idToken } : { access_token: accessToken };
  }

  /** RFC 6749 4.1.3 and 2.3.1: in Basic, id and secret are form-encoded before they are base64. */
  private request(
    { clientId, clientSecret }: Secret,
    { code, codeVerifier, redirectUri }: AuthorizationCode,
  ): RequestInit {
    const form = new URLSearchParams({
      ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier },
      client_id: clientId,
    });
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (this.sso?.clientAuthentication === 'post') form.set('client_secret', clientSecret);
    else {
      const pair = [clientId, clientSecret].map(formEncoded).join(':');
      headers.Authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    return { method: 'POST', headers, body: form };
  }

  private failed(code: 'sign_in_refused' | 'sign_in_unavailable', why: string): DomainError {
    if (this.now() - this.saidAt >= SAY_EVERY_MS) {
      const fields = { code: 'code_exchange_failed', error: code, reason: why, unsaid: this.unsaid };
      this.logger.warn(fields, 'The provider did not exchange a sign-in code');
      this.saidAt = this.now();
      this.unsaid = 0;
    } else this.unsaid += 1;
    return code === 'sign_in_refused'
      ? new DomainError(code, 'The sign-in could not be completed.')
      : new DomainError(code, 'The sign-in service does not answer. Please try again.');
  }
}

const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

/** In the provider's own words, on one line. */
function refusalText(status: number, answer: unknown): string {
  const { error = 'no reason given', error_description: more = '' } = refusalSchema.safeParse(answer).data ?? {};
  const said = `${error} ${more}`.replace(/\s+|\p{Cc}+/gu, ' ').trim();
  return `${status} ${said.slice(0, MOST_SAID)}`;
}
