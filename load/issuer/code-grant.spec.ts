import { createHash } from 'node:crypto';
import { CodeGrants } from './code-grant';

const VERIFIER = 'v'.repeat(43);
const PAGE = 'http://127.0.0.1:3000/';

const query = (change: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({
    ...{ response_type: 'code', client_id: 'sunbeon', redirect_uri: PAGE, state: 'of the page' },
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  });

const form = (code: string, change: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({
    ...{ grant_type: 'authorization_code', code, client_id: 'sunbeon', redirect_uri: PAGE, code_verifier: VERIFIER },
    ...change,
  });

const codeOf = (grants: CodeGrants): string => grants.grant(query(), '20251234').searchParams.get('code') ?? '';

describe('the codes of the local provider', () => {
  it('lead back to the page with its state, and stand for the student', () => {
    const grants = new CodeGrants();
    const target = grants.grant(query(), '20251234');
    expect(`${target.origin}${target.pathname}`).toBe(PAGE);
    expect(target.searchParams.get('state')).toBe('of the page');
    const code = target.searchParams.get('code') ?? '';
    expect(grants.redeem(form(code))).toEqual({ studentId: '20251234', clientId: 'sunbeon' });
  });

  it('are good once', () => {
    const grants = new CodeGrants();
    const code = codeOf(grants);
    grants.redeem(form(code));
    expect(grants.redeem(form(code))).toBeUndefined();
  });

  it.each([
    ['without its verifier', { code_verifier: 'w'.repeat(43) }],
    ['by another client', { client_id: 'other' }],
    ['for another page', { redirect_uri: 'http://127.0.0.1:4000/' }],
  ])('are worth nothing %s', (_, change) => {
    const grants = new CodeGrants();
    expect(grants.redeem(form(codeOf(grants), change))).toBeUndefined();
  });

  it.each([
    ['without PKCE', { code_challenge_method: 'plain' }],
    ['for a script', { redirect_uri: 'javascript:alert(1)' }],
  ])('are not given %s', (_, change) => {
    expect(new CodeGrants().accepts(query(change))).toBe(false);
  });
});
