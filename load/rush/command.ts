import { errorText } from '../../src/common/text';
import { readOptions, USAGE } from './options';
import { reportText } from './report';
import { runRush } from './rush';

/** Where the lines go. */
export interface CommandOutput {
  out: (line: string) => void;
  error: (line: string) => void;
}

/** The command: reads the options, runs the rush until `signal` breaks it off, prints the report. @returns the exit code */
export async function rushCommand(
  args: string[],
  { out, error: say }: CommandOutput,
  signal = new AbortController().signal,
): Promise<number> {
  const json = args.includes('--json');
  try {
    const options = readOptions(args);
    if (!options) {
      out(USAGE);
      return 0;
    }
    const report = await runRush(options, say, signal);
    out(reportText(report));
    if (json) out(JSON.stringify(report));
    return report.pass ? 0 : 1;
  } catch (error) {
    say(`The rush could not be run: ${errorText(error)}`);
    if (json) out(JSON.stringify({ name: 'rush', pass: false, error: errorText(error) }));
    return 2;
  }
}
