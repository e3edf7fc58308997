import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { IssuerKey } from '../issuer/issuer-key';
import { type MintedToken, type MintOptions, mintTokens } from './mint';

const TERMS = { issuer: 'https://id.example.edu', audience: 'sunbeon' };

async function mint(key: IssuerKey, options: Pick<MintOptions, 'students' | 'classYears'>): Promise<MintedToken[]> {
  const minted: MintedToken[] = [];
  for await (const one of mintTokens(key, { ...TERMS, ...options })) minted.push(one);
  return minted;
}

describe('mintTokens', () => {
  it('mints a token for each student that the published key verifies', async () => {
    const key = IssuerKey.make();
    const keys = createLocalJWKSet({ keys: [key.publicJwk()] });
    const minted = await mint(key, { students: 3, classYears: ['senior', 'junior'] });
    const claims = await Promise.all(minted.map(async ({ token }) => (await jwtVerify(token, keys, TERMS)).payload));
    expect(minted.map(({ studentId }) => studentId)).toEqual(['s00001', 's00002', 's00003']);
    expect(claims.map(({ sub }) => sub)).toEqual(['s00001', 's00002', 's00003']);
    expect(claims.map((one) => one.class_year)).toEqual(['senior', 'junior', 'senior']);
  });

  it('says nothing of a class year when none is given', async () => {
    const [minted] = await mint(IssuerKey.make(), { students: 1, classYears: [] });
    expect(Buffer.from(minted?.token.split('.')[1] ?? '', 'base64url').toString()).not.toMatch(/class_year/);
  });
});

it.each([
  ['--students=0', 'students'],
  ['--hours=never', 'hours'],
])('says which option is wrong: %s', async (option, name) => {
  const command = ['--require', '@swc-node/register', join(__dirname, 'main.ts'), '--students=2', option];
  await expect(promisify(execFile)(process.execPath, command)).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(new RegExp(`^tokens: ${name}: `)) as string,
  });
});
