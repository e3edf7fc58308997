import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { admissionId } from '../../../src/admission/admission-token';
import { altered, base64, claimsOf, FOREIGN, ForgeryStage, TERM } from './forgery-stage';

let stage: ForgeryStage;

beforeAll(async () => {
  stage = await ForgeryStage.start();
});
afterAll(() => stage?.stop());

/** An admission as we would sign it, with what the case changes. */
const signed = (change: { exp?: number; number?: number } = {}): Promise<string> =>
  new SignJWT({ room: stage.roomId, term: TERM, number: change.number ?? stage.inside.admission.number })
    .setProtectedHeader({ alg: 'ES256', kid: stage.keys.kid, typ: 'JWT' })
    .setIssuer('sunbeon')
    .setAudience('sunbeon:admission')
    .setSubject(stage.inside.signedIn.student.id)
    .setJti(admissionId(stage.roomId, change.number ?? stage.inside.admission.number))
    .setExpirationTime(change.exp ?? Math.ceil(stage.inside.admission.expiresAt / 1_000))
    .sign(stage.keys.admission.privateKey);

async function selfSigned(token: string): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return new SignJWT(JSON.parse(Buffer.from(claimsOf(token), 'base64url').toString()) as Record<string, unknown>)
    .setProtectedHeader({ alg: 'ES256', kid: 'mine', jku: `${FOREIGN}/jwks.json`, x5c: [await exportSPKI(publicKey)] })
    .sign(privateKey);
}

const FORGERIES: [string, string, () => Promise<string>][] = [
  [
    'without a signature (alg none)',
    'admission_invalid',
    async () => `${base64({ alg: 'none', kid: stage.keys.kid })}.${claimsOf(await signed())}.`,
  ],
  [
    'signed by HMAC with our public key (PEM)',
    'admission_invalid',
    async () => stage.hmacSigned(await signed(), await exportSPKI(stage.keys.admission.publicKey)),
  ],
  [
    'signed by HMAC with our public key (JWK)',
    'admission_invalid',
    async () => stage.hmacSigned(await signed(), JSON.stringify(stage.keys.admission.jwk)),
  ],
  [
    'signed by a key of somebody else',
    'admission_invalid',
    async () => {
      const { privateKey } = await generateKeyPair('ES256');
      return new SignJWT({ room: stage.roomId, term: TERM, number: 1 })
        .setProtectedHeader({ alg: 'ES256', kid: stage.keys.kid })
        .setIssuer('sunbeon')
        .setAudience('sunbeon:admission')
        .setSubject(stage.inside.signedIn.student.id)
        .setJti(admissionId(stage.roomId, stage.inside.admission.number))
        .setExpirationTime('1h')
        .sign(privateKey);
    },
  ],
  ['with a key of its own in the header', 'admission_invalid', async () => selfSigned(await signed())],
  [
    'with other claims',
    'admission_invalid',
    async () => altered(stage.inside.admission.token, { number: 1, exp: 9_999_999_999 }),
  ],
  ['that has expired', 'admission_expired', () => signed({ exp: Math.floor(Date.now() / 1_000) - 60 })],
  ['for a number that was never let in', 'admission_invalid', () => signed({ number: 4_242 })],
  ['that is a sign-in', 'admission_invalid', async () => stage.inside.signedIn.token],
  ['that is a ticket', 'admission_invalid', async () => stage.inside.tab.ticket?.ticket ?? ''],
  ['that is no token', 'admission_invalid', async () => '../../etc/passwd'],
];

describe('an admission that is forged, expired, foreign or used again', () => {
  it.each(FORGERIES)('an admission %s: nothing is granted', async (_, code, forge) => {
    const before = await stage.seats();
    const forged = await forge();
    expect(await stage.commitCodes(stage.inside.tab, stage.inside.signedIn.token, forged)).toEqual([code, 403, code]);
    expect(await stage.seats()).toEqual(before);
    const verified = await fetch(`${stage.cluster.url}/api/admissions/verify`, {
      headers: { 'admission-token': forged },
    });
    expect(verified.status).toBe(401);
  });

  it('the admission of another student: nothing is granted', async () => {
    const thief = await stage.open();
    const before = await stage.seats();
    const codes = await stage.commitCodes(thief.tab, thief.signedIn.token, stage.inside.admission.token);
    expect(codes).toEqual(['admission_invalid', 403, 'admission_invalid']);
    expect(await stage.seats()).toEqual(before);
  });

  it('the admission of another term: nothing is granted', async () => {
    const other = await stage.enter(await stage.makeRoom('other-term', { termId: 'spring-2026' }));
    const before = await stage.seats();
    const codes = await stage.commitCodes(other.tab, other.signedIn.token, other.admission.token);
    expect(codes).toEqual(['admission_invalid', 403, 'admission_invalid']);
    expect(await stage.seats()).toEqual(before);
  });

  it('no admission at all: nothing is granted', async () => {
    const before = await stage.seats();
    expect(await stage.commitCodes(stage.inside.tab, stage.inside.signedIn.token, '')).toEqual([
      'invalid_input',
      403,
      'admission_required',
    ]);
    expect(await stage.seats()).toEqual(before);
  });

  it('an admission after its student has finished: nothing is granted', async () => {
    const done = await stage.enter(stage.roomId);
    await done.tab.request('admission:finish', { roomId: stage.roomId });
    const before = await stage.seats();
    const codes = await stage.commitCodes(done.tab, done.signedIn.token, done.admission.token);
    expect(codes).toEqual(['admission_finished', 403, 'admission_finished']);
    expect(await stage.seats()).toEqual(before);
  });

  it('an answer that was given while the admission lived is given again after it, and nothing else', async () => {
    const { sectionIds } = stage;
    const commit = (admission: string, idempotencyKey = 'once') =>
      stage.inside.tab.request('enrolment:commit', { termId: TERM, sectionIds, admission, idempotencyKey });
    const first = await commit(await signed());
    expect(first).toMatchObject({ ok: true, results: [{ outcome: 'enrolled' }] });
    const over = await signed({ exp: Math.floor(Date.now() / 1_000) - 60 });
    expect(await commit(over)).toEqual(first);
    expect(await commit(over, 'twice')).toMatchObject({ ok: false, error: { code: 'admission_expired' } });
  });
});
