import { memoryEngine } from './engine';
import { lineStoreContract } from './line-store.contract';

lineStoreContract(memoryEngine);
