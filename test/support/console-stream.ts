import {
  type ConsoleSnapshot,
  consoleSnapshotSchema,
  type ConsoleTick,
  consoleTickSchema,
} from '../../src/contract/operate/console';

/** The stream of the operators' console, read as it is written on the wire, and held to the contract. */
export class ConsoleStreamReader {
  readonly ticks: ConsoleTick[] = [];
  snapshot: ConsoleSnapshot | undefined;
  ended = false;
  private readonly leaving = new AbortController();

  private constructor(response: Response) {
    this.read(response).catch(() => undefined);
  }

  /** @throws Error with the status when it is refused */
  static async open(url: string, headers: Record<string, string>): Promise<ConsoleStreamReader> {
    const leaving = new AbortController();
    const response = await fetch(`${url}/api/operator/stream`, { headers, signal: leaving.signal });
    if (!response.ok) throw new Error(String(response.status));
    const reader = new ConsoleStreamReader(response);
    reader.leaving.signal.addEventListener('abort', () => leaving.abort());
    return reader;
  }

  close(): void {
    this.leaving.abort();
  }

  private async read(response: Response): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) this.take(message);
    }
    this.ended = true;
  }

  private take(message: string): void {
    const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(message) ?? [];
    if (data === undefined) return;
    if (event === 'snapshot') this.snapshot = consoleSnapshotSchema.parse(JSON.parse(data));
    else this.ticks.push(consoleTickSchema.parse(JSON.parse(data)));
  }
}
