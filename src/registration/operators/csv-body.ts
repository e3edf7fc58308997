import type { Request } from 'express';
import { DomainError } from '../../common/domain-error';
import { catalogueText } from '../catalogue/import/catalogue-rows';

/** Most bytes of a file: some ten times the catalogue of a real term, 877 sections. */
const LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * The text of a `text/csv` body. Read by the route itself, after its guards: no other route, and nobody who is not let
 * through, can make the pod keep a body of this size.
 *
 * @throws DomainError `unsupported_type`; `invalid_input` for more than LIMIT_BYTES, or what is not UTF-8
 */
export async function readCsvBody(request: Request): Promise<string> {
  if (!request.is('text/csv')) throw new DomainError('unsupported_type', 'Send the file as Content-Type: text/csv.');
  if (Number(request.headers['content-length'] ?? 0) > LIMIT_BYTES) throw tooLarge();
  return catalogueText(await readBytes(request));
}

function readBytes(request: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      // What comes beyond is read and thrown away, so that the client hears the refusal instead of a broken connection.
      if (length > LIMIT_BYTES) chunks = [];
      else chunks.push(chunk);
    });
    request.once('end', () => (length > LIMIT_BYTES ? reject(tooLarge()) : resolve(Buffer.concat(chunks))));
    request.once('error', reject);
  });
}

function tooLarge(): DomainError {
  return new DomainError('invalid_input', `The file is larger than ${LIMIT_BYTES / 1024 / 1024} MB.`, {
    limitBytes: LIMIT_BYTES,
  });
}
