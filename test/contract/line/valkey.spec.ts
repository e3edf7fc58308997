import { startRedis } from '../../../load/servers/redis';
import { redisEngine } from './engine';
import { lineStoreContract } from './line-store.contract';

lineStoreContract(redisEngine('valkey', () => startRedis({ maker: 'valkey' })));
