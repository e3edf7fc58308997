import type { Socket } from 'node:net';

/** One direction of a connection: passes on what it is given, in order, each chunk after its delay. */
export class Lane {
  private readonly waiting: { data: Buffer; due: number }[] = [];
  private timer?: NodeJS.Timeout;

  constructor(private readonly to: Socket) {}

  /** @param delayMs 0 = at once, unless something before it still waits */
  pass(data: Buffer, delayMs: number): void {
    this.waiting.push({ data, due: performance.now() + delayMs });
    if (this.timer === undefined) this.flush();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.waiting.splice(0);
  }

  private flush(): void {
    this.timer = undefined;
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const early = next.due - performance.now();
      if (early > 0) {
        this.timer = setTimeout(() => this.flush(), early);
        return;
      }
      this.waiting.shift();
      if (!this.to.destroyed) this.to.write(next.data);
    }
  }
}
