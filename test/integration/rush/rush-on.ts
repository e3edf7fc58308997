import { rushCommand } from '../../../load/rush/command';
import type { RushReport } from '../../../load/rush/report';
import type { Lie } from './lie';
import { startLyingService } from './lying-service';

/** Nothing happens to students while they wait, for a victim who is away is not wronged. */
const QUIET = ['--reconnect=0', '--reload=0', '--second-tab=0'];
const SMALL = ['--students=60', '--seed=lies', '--arrive=0.8', '--timeout=60', '--json'];

/**
 * A small rush on a service that breaks one promise.
 *
 * @param lie undefined = honest, and everything may happen to the students
 * @param more options of the rush
 */
export async function rushOn(lie?: Lie, more: string[] = []): Promise<{ code: number; report: RushReport }> {
  const service = await startLyingService(lie);
  const lines: string[] = [];
  try {
    const where = ['--url', service.url, '--operator-token', 'operator'];
    const output = { out: (line: string) => void lines.push(line), error: () => undefined };
    const code = await rushCommand([...SMALL, ...where, ...(lie ? QUIET : []), ...more], output);
    return { code, report: JSON.parse(lines.at(-1) ?? '') as RushReport };
  } finally {
    await service.close();
  }
}
