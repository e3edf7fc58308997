import { ShutdownSignal } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import { errorText } from './common/text';
import type { Config } from './config/config';
import { ConfigError, loadConfig } from './config/load-config';
import { claimDataDirectory } from './database/data-directory';
import { loadSigningKeys } from './identity/signing-keys';
import { endHardAfterDeadline } from './live/drain/drain-deadline';
import { configureHttp, listen } from './live/edge/http';
import { EdgeHttpAdapter } from './live/edge/http-adapter';
import { createSocketAdapter } from './live/edge/socket-server';
import { announce } from './operate/announce';
import { Demo } from './operate/demo';
import { createLog, ProductLog } from './operate/product-log';

/** SIGHUP is none of them: it means to read the roster again, also where there is none. */
const STOP_SIGNALS = Object.values(ShutdownSignal).filter((signal) => signal !== ShutdownSignal.SIGHUP);

async function start(config: Config): Promise<void> {
  if (config.mode === 'embedded') claimDataDirectory(config.dataDir);
  const keys = loadSigningKeys(config);
  const log = createLog(config, { nameStudent: (id) => keys.logName(id) });
  const http = new EdgeHttpAdapter({ ...config.live, ...config.http });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(config), http, {
    logger: new ProductLog(log),
    abortOnError: false,
    // JSON only, by configureHttp; Nest would read forms too.
    bodyParser: false,
  });
  configureHttp(app, config);
  app.useWebSocketAdapter(createSocketAdapter(app, http));
  app.enableShutdownHooks(STOP_SIGNALS, { useProcessExit: true });
  endHardAfterDeadline(config.live.drainSeconds);
  await app.init();
  await app.get(Demo).ensure();
  announce(app, config, await listen(app, config.http));
}

function fail(error: unknown): never {
  console.error(error instanceof ConfigError ? error.message : `Sunbeon could not start: ${errorText(error)}`);
  process.exit(1);
}

// A process that waits for nothing any more ends as if all were well: then something was waited for that never comes.
process.once('beforeExit', () => fail(new Error('what it waits for never comes')));
try {
  start(loadConfig(process.env)).catch(fail);
} catch (error) {
  fail(error);
}
