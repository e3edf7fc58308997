import { DynamicModule, Global, Module, OnApplicationShutdown } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config';
import { databaseFile } from './data-directory';
import { Database } from './database';
import { openDatabase } from './open-database';

type Entities = Parameters<typeof openDatabase>[0]['entities'];

/** The database of the mode, for every floor, with every migration done; closed when all floors have stopped. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  /** @param entities of all floors */
  static with(entities: Entities): DynamicModule {
    const database = {
      provide: Database,
      useFactory: (config: Config) => openFor(config, entities),
      inject: [CONFIG],
    };
    return { module: DatabaseModule, providers: [database], exports: [database] };
  }

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

async function openFor(config: Config, entities: Entities): Promise<Database> {
  const { url, replicaUrls, replicaLagMs, poolSize } = config.database;
  const database = await openDatabase(
    url === undefined
      ? { file: databaseFile(config.dataDir), entities }
      : { url, replicaUrls: [...replicaUrls], replicaLagMs, poolSize, entities },
  );
  await database.migrate();
  await database.clock.measure();
  return database;
}
