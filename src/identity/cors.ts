import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface';
import type { OriginPolicy } from './origin-policy';

/** For `app.enableCors`: pages of ALLOWED_ORIGINS may read our answers, with cookies; nobody else's may. */
export function corsOptions(origins: OriginPolicy): CorsOptions {
  return {
    origin: (origin, answer) => answer(null, origin !== undefined && origins.isForeignButAllowed(origin)),
    credentials: true,
    exposedHeaders: ['Retry-After', 'X-Request-Id'],
    maxAge: 600,
  };
}
