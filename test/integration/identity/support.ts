import { Controller, Get, Global, Module, UseGuards } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { HttpErrorFilter } from '../../../src/common/http-error.filter';
import { CONFIG } from '../../../src/config/config';
import { loadConfig } from '../../../src/config/load-config';
import { Database } from '../../../src/database/database';
import { corsOptions, OriginPolicy } from '../../../src/identity/origin-policy';
import { identityEntities, IdentityModule } from '../../../src/identity/identity.module';
import { CurrentOperator, OperatorGuard } from '../../../src/identity/operator.guard';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { makeHome } from '../database/support';

/** Something only operators may see. */
@Controller('operators-only')
class OperatorsOnlyController {
  @Get()
  @UseGuards(OperatorGuard)
  name(@CurrentOperator() operator: string): { operator: string } {
    return { operator };
  }
}

export interface IdentityApp {
  url: string;
  app: NestExpressApplication;
  dataDir: string;
  close(): Promise<void>;
}

/** The identity module behind a real HTTP server, on a database of its own. */
export async function startIdentityApp(environment: Record<string, string> = {}): Promise<IdentityApp> {
  const home = await makeHome('sqlite');
  const directory = temporaryDirectory('identity');
  const database = await home.open(identityEntities);
  await database.migrate();
  const config = loadConfig({ DATA_DIR: directory.path, ...environment });
  const shared = [
    { provide: CONFIG, useValue: config },
    { provide: Database, useValue: database },
  ];
  @Global()
  @Module({ providers: shared, exports: shared })
  class SharedModule {}
  const testing = await Test.createTestingModule({
    imports: [SharedModule, IdentityModule],
    controllers: [OperatorsOnlyController],
  }).compile();
  const app = testing.createNestApplication<NestExpressApplication>({ forceCloseConnections: true });
  app.useGlobalFilters(new HttpErrorFilter());
  app.enableCors(corsOptions(app.get(OriginPolicy)));
  await app.listen(0, '127.0.0.1');
  return {
    url: (await app.getUrl()).replace(/\/$/, ''),
    app,
    dataDir: directory.path,
    close: async () => {
      await app.close();
      await home.remove();
      directory.remove();
    },
  };
}

export interface Answer {
  status: number;
  body: Record<string, unknown> & { error?: { code: string; retryable: boolean } };
  headers: Headers;
}

/** One call with JSON in and out. */
export async function call(url: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    body: body ? JSON.stringify(body) : undefined,
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text ? JSON.parse(text) : {}) as Answer['body'],
    headers: response.headers,
  };
}
