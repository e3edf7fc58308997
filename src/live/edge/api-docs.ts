import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApi } from '../../contract/asyncapi';
import { openApi } from '../../contract/openapi';

/** Beside what is built: to make them takes a pod longer than it may be silent for. */
const FOLDER = join(__dirname, '..', '..', 'contract');
const OPEN_API = join(FOLDER, 'openapi.json');
const ASYNC_API = join(FOLDER, 'asyncapi.json');

const write = (file: string, document: object): void => writeFileSync(file, `${JSON.stringify(document)}\n`);

/** Serves what the build has made: the pages of the API's documentation, and its documents. */
export function serveApiDocs(app: NestExpressApplication): void {
  app.use('/api/docs/asyncapi.json', (_request: Request, response: Response) => {
    response.type('json').send(readFileSync(ASYNC_API, 'utf8'));
  });
  SwaggerModule.setup('api/docs', app, () => JSON.parse(readFileSync(OPEN_API, 'utf8')) as OpenAPIObject);
}

if (require.main === module) {
  write(OPEN_API, openApi());
  write(ASYNC_API, asyncApi());
}
