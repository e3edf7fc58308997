import { Injectable } from '@nestjs/common';

/** What is being answered right now, over sockets and HTTP, so that a pod that goes away can finish it first. */
@Injectable()
export class InFlight {
  private readonly byOwner = new Map<object, number>();
  private count = 0;

  get total(): number {
    return this.count;
  }

  /** Whether something that this owner asked for is not answered yet. */
  isBusy(owner: object): boolean {
    return this.byOwner.has(owner);
  }

  /** @returns to be called once, when the answer has been given */
  begin(owner: object): () => void {
    this.count += 1;
    this.byOwner.set(owner, (this.byOwner.get(owner) ?? 0) + 1);
    return () => {
      this.count -= 1;
      const left = (this.byOwner.get(owner) ?? 1) - 1;
      if (left > 0) this.byOwner.set(owner, left);
      else this.byOwner.delete(owner);
    };
  }
}
