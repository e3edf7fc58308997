import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { openApi } from '../../src/contract/openapi';

const REPOSITORY = join(__dirname, '..', '..');
const GENERATOR = join(REPOSITORY, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');

/** Written against the generated types alone; what they must refuse is marked. */
const CLIENT = `
import type { components, operations } from './api';
import type { Section } from '../../src/contract/catalogue';
import type { CartView } from '../../src/contract/enrolments';
import type { RoomReport } from '../../src/contract/operate/rooms';
import type { RoomView } from '../../src/contract/rooms';
import type { SectionOutcome } from '../../src/contract/seats';

type Schemas = components['schemas'];
type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;
type Answer<Name extends keyof operations> = Json<operations[Name]['responses'][200 & keyof operations[Name]['responses']]>;
type Body<Name extends keyof operations> = Json<NonNullable<operations[Name]['requestBody']>>;
type Refusal<Name extends keyof operations, Status> = Json<operations[Name]['responses'][Status & keyof operations[Name]['responses']]>;

const same = <A, B>(_there: (given: A) => B, _back: (given: B) => A): void => undefined;
same<Schemas['Section'], Section>((it) => it, (it) => it);
same<Schemas['Room'], RoomView>((it) => it, (it) => it);
same<Schemas['RoomReport'], RoomReport>((it) => it, (it) => it);
same<Answer<'cart'>, CartView>((it) => it, (it) => it);
same<Answer<'commit'>['results'], SectionOutcome[]>((it) => it, (it) => it);

export const body: Body<'commit'> = { sectionIds: ['0000162389'] };
// @ts-expect-error a section is named by text
export const wrong: Body<'commit'> = { sectionIds: [162389] };
// @ts-expect-error the answer has no such field
export const unknown = (page: Answer<'searchSections'>): unknown => page.pages;
export const waiting = (page: Answer<'searchSections'>): number => page.sections.reduce((sum, one) => sum + one.waiting, 0);
export const full = ({ error }: Refusal<'replaceCart', 409>): boolean => error.code === 'conflict';
// @ts-expect-error the call is never refused with this
export const never = ({ error }: Refusal<'replaceCart', 409>): boolean => error.code === 'section_full';
`;

describe('a client generated from the document of the API', () => {
  it('compiles, has the types of the contract, and knows with which codes a call is refused', () => {
    // Inside the checkout, for the sample imports the contract.
    const folder = mkdtempSync(join(REPOSITORY, 'test', 'contract-client-'));
    try {
      const [document, types, client] = ['openapi.json', 'api.ts', 'client.ts'].map((name) => join(folder, name));
      writeFileSync(document as string, JSON.stringify(openApi()));
      execFileSync(process.execPath, [GENERATOR, document as string, '--output', types as string]);
      writeFileSync(client as string, CLIENT);
      expect(problemsOf(client as string)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function problemsOf(file: string): string[] {
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, noUncheckedIndexedAccess: true, types: [] },
    ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
