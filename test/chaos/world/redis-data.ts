import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startRedis } from '../../../load/servers/redis';
import type { Service } from '../../../load/servers/service';
import { temporaryDirectory, type TemporaryDirectory } from '../../../load/servers/temporary-directory';

/** A Redis that writes every command to its append-only file, and whose data can be set back, as by a lost disk cache. */
export class RedisWithData {
  private constructor(
    readonly service: Service,
    private readonly directory: TemporaryDirectory,
  ) {}

  static async start(): Promise<RedisWithData> {
    const directory = temporaryDirectory('chaos-redis');
    // The last --dir counts.
    const service = await startRedis({ own: true, persistence: 'always', args: ['--dir', directory.path] });
    return new RedisWithData(service, directory);
  }

  /** Copies what is on the disk now. */
  saveCopy(): void {
    rmSync(this.copy, { recursive: true, force: true });
    cpSync(this.data, this.copy, { recursive: true });
  }

  /** While Redis is down: what was written since the copy is lost. */
  setBack(): void {
    this.empty();
    cpSync(this.copy, this.data, { recursive: true });
  }

  /** While Redis is down: everything is lost. */
  empty(): void {
    rmSync(this.data, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.service.stop();
    this.directory.remove();
  }

  private get data(): string {
    return join(this.directory.path, 'appendonlydir');
  }

  private get copy(): string {
    return join(this.directory.path, 'copy');
  }
}
