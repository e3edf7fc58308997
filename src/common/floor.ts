import type { DynamicModule, Provider, Type } from '@nestjs/common';

/**
 * A floor of the house: its module on the floors below it, with what answers its ports (abstract classes and tokens that it
 * declares and that something beside or above it fills). Floors above see the ports, too.
 *
 * Nest starts what is imported first and stops it last, so `below` is also the order of start and stop.
 */
export function floor(module: Type, below: (Type | DynamicModule)[], ports: Provider[] = []): DynamicModule {
  return { module, imports: below, providers: ports, exports: ports };
}
