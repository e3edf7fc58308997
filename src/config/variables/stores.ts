import { databaseUrl, listOf, redisUrl, wholeNumber } from '../kinds';
import type { Variable } from './variable';

export const STORE_VARIABLES = {
  REDIS_URL: {
    kind: redisUrl,
    secret: true,
    otherwise: 'embedded: the line lives in this process',
    purpose: 'Store of the line; together with DATABASE_URL it makes the service clustered. TLS: see deploy/README',
  },
  DATABASE_URL: {
    kind: databaseUrl,
    secret: true,
    otherwise: 'embedded: an SQLite file in DATA_DIR',
    purpose:
      'MySQL 8.4 or later, or MariaDB: the truth about rooms and seats; together with REDIS_URL it makes the service clustered. TLS: see deploy/README',
  },
  DATABASE_REPLICA_URLS: {
    kind: listOf(databaseUrl),
    secret: true,
    default: '',
    purpose: 'Read replicas for the catalogue and lists',
  },
  DATABASE_REPLICA_LAG_SECONDS: {
    kind: wholeNumber(1, 86_400),
    default: '10',
    unit: 'seconds',
    purpose:
      'How far behind a read replica may be; one that is further behind, or does not follow any more, is not asked',
  },
  DATABASE_POOL_SIZE: {
    kind: wholeNumber(2, 200),
    default: '10',
    unit: 'connections',
    purpose: 'Most connections of one pod to each database server, besides two to the primary for public lists',
  },
  CLOCK_SKEW_LIMIT_SECONDS: {
    kind: wholeNumber(1, 86_400),
    default: '30',
    unit: 'seconds',
    purpose: "A pod whose clock differs from the stores' by more is not ready; it is warned of from one second on",
  },
} satisfies Record<string, Variable>;
