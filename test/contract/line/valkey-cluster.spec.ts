import { clusterEngine } from './engine';
import { lineStoreContract } from './line-store.contract';

lineStoreContract(clusterEngine('valkey'));
