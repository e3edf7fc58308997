/** A server whose cost is measured. */
export interface Served {
  name: string;
  url: string;
  /** The processes that count, all of them. */
  pids: number[];
  stop(): Promise<unknown>;
}
