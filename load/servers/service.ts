/** A real server of the test run, on 127.0.0.1. Its faults are real too. */
export interface Service {
  readonly url: string;
  readonly port: number;
  /** The process id; changes with every restart. 0 when the server is not ours. */
  readonly pid: number;
  /** Ends it for good and removes what it kept. */
  stop(): Promise<void>;
  /** SIGKILL; bring it back with `restart`. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing is answered. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Ends it if it still runs, and starts it on the same port: with its data, or `empty`. */
  restart(options?: { empty?: boolean }): Promise<void>;
  /** The end of what it wrote. */
  output(): string;
}

export interface ServiceOptions {
  /**
   * True for a test that kills, pauses or restarts the server: it then gets a process of its own even when a server of
   * the machine was named for the run.
   */
  own?: boolean;
  /** More arguments for the server. */
  args?: string[];
}

/** The faults of a server that was only lent to us: none. */
export const LENT_SERVICE = {
  pid: 0,
  kill: () => Promise.reject(new Error('this server is lent, not ours: start it with { own: true }')),
  pause: (): void => refuse(),
  resume: (): void => refuse(),
  restart: () => Promise.reject(new Error('this server is lent, not ours: start it with { own: true }')),
  output: () => '',
};

function refuse(): never {
  throw new Error('this server is lent, not ours: start it with { own: true }');
}
