/** `npm run demonstrate`: pods are killed and rolled while thousands wait, and nobody loses the place. */
import { buildService } from '../../../load/servers/embedded-server';
import { errorText } from '../../../src/common/text';
import { World } from '../world/world';
import { demonstrate } from './demonstration';
import { readOptions, USAGE } from './options';
import { demonstrationText } from './report';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    say(USAGE);
    return 0;
  }
  buildService();
  const world = await World.start({ pods: options.pods });
  try {
    const report = await demonstrate(world, options, say);
    say(demonstrationText(report));
    if (options.json) say(JSON.stringify(report));
    return report.pass ? 0 : 1;
  } finally {
    await world.stop();
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${errorText(error)}\n`);
    process.exit(2);
  },
);
