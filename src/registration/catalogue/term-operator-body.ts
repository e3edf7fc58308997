import type { Request } from 'express';
import { DomainError } from '../../common/domain-error';

/** Most bytes of a catalogue file: some ten times the real term of 877 sections. */
const CATALOGUE_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * The text of a `text/csv` body. Read by the route itself, after its guards: no other route, and nobody who is not let
 * through, can make the pod keep a body of this size.
 *
 * @throws DomainError `invalid_input` for another type, more than CATALOGUE_LIMIT_BYTES, or what is not UTF-8
 */
export async function readCsvBody(request: Request): Promise<string> {
  if (!request.is('text/csv')) throw new DomainError('invalid_input', 'Send the file as Content-Type: text/csv.');
  if (Number(request.headers['content-length'] ?? 0) > CATALOGUE_LIMIT_BYTES) throw tooLarge();
  const bytes = await readBytes(request);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DomainError('invalid_input', 'The file is not in UTF-8; save it as "CSV UTF-8".', undefined, { cause });
  }
}

function readBytes(request: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      // What comes beyond is read and thrown away, so that the client hears the refusal instead of a broken connection.
      if (length > CATALOGUE_LIMIT_BYTES) chunks = [];
      else chunks.push(chunk);
    });
    request.once('end', () => (length > CATALOGUE_LIMIT_BYTES ? reject(tooLarge()) : resolve(Buffer.concat(chunks))));
    request.once('error', reject);
  });
}

function tooLarge(): DomainError {
  return new DomainError('invalid_input', `The file is larger than ${CATALOGUE_LIMIT_BYTES / 1024 / 1024} MB.`, {
    limitBytes: CATALOGUE_LIMIT_BYTES,
  });
}
