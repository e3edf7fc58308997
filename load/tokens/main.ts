import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { errorText } from '../../src/common/text';
import { parseInput } from '../../src/common/validation';
import { DEFAULT_AUDIENCE, DEFAULT_ISSUER, DEFAULT_KEY_FILE, IssuerKey } from '../issuer/issuer-key';
import { type MintOptions, mintTokens } from './mint';

const USAGE = `npm run tokens -- --students N [--issuer-key ${DEFAULT_KEY_FILE}] [--out FILE]
                   [--issuer URL] [--audience NAME] [--class-years A,B,…] [--hours 24]

Mints SSO tokens for N students (s00001, s00002, …) with the key of the local identity provider (npm run issuer), one
JSON line {"studentId","token"} each, to FILE or to the standard output. Issuer and audience are taken from AUTH_ISSUER
and AUTH_AUDIENCE when not given (else ${DEFAULT_ISSUER} and ${DEFAULT_AUDIENCE}), and must be those of the service.
Class years are dealt out in turn.
`;

const optionsSchema = z.object({
  students: z.coerce.number().int().min(1).max(1_000_000),
  hours: z.coerce.number().positive().max(8_760),
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      students: { type: 'string' },
      'issuer-key': { type: 'string', default: DEFAULT_KEY_FILE },
      issuer: { type: 'string', default: process.env.AUTH_ISSUER || DEFAULT_ISSUER },
      audience: { type: 'string', default: process.env.AUTH_AUDIENCE || DEFAULT_AUDIENCE },
      'class-years': { type: 'string', default: '' },
      hours: { type: 'string', default: '24' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.students === undefined) {
    (values.help ? process.stdout : process.stderr).write(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const { students, hours } = parseInput(optionsSchema, values);
  const options: MintOptions = {
    students,
    issuer: values.issuer,
    audience: values.audience,
    lifetimeSeconds: Math.round(hours * 3_600),
    classYears: values['class-years'].split(',').filter(Boolean),
  };
  const lines = Readable.from(toLines(IssuerKey.keep(values['issuer-key']), options));
  await (values.out ? pipeline(lines, createWriteStream(values.out, { mode: 0o600 })) : print(lines));
}

async function* toLines(key: IssuerKey, options: MintOptions): AsyncGenerator<string> {
  for await (const minted of mintTokens(key, options)) yield `${JSON.stringify(minted)}\n`;
}

/** The standard output stays open: it is not ours to end. */
const print = (lines: Readable): Promise<void> => pipeline(lines, process.stdout, { end: false });

main().catch((error: unknown) => {
  process.stderr.write(`tokens: ${errorText(error)}\n`);
  process.exitCode = 2;
});
