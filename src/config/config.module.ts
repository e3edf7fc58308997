import { DynamicModule, Global, Module } from '@nestjs/common';
import { type Config, CONFIG } from './config';

/** The configuration, for every floor. */
@Global()
@Module({})
export class ConfigModule {
  static with(config: Config): DynamicModule {
    const provider = { provide: CONFIG, useValue: config };
    return { module: ConfigModule, providers: [provider], exports: [provider] };
  }
}
