import { Controller, UseGuards } from '@nestjs/common';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { termOperatorCalls, type SeatStopView } from '../../contract/operate/terms';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { SeatStops } from './seat-stops';

/** Ends all changes of a term's seats at once, until they are let go on. */
@UseGuards(OperatorGuard)
@Controller()
export class SeatStopController {
  constructor(private readonly stops: SeatStops) {}

  @Serves(termOperatorCalls.seatStop)
  get(@Asked() { path: { termId } }: AskedOf<typeof termOperatorCalls.seatStop>): Promise<SeatStopView> {
    return this.view(termId);
  }

  @Serves(termOperatorCalls.stopSeats)
  async stop(
    @Asked() { path: { termId }, body: { reason } }: AskedOf<typeof termOperatorCalls.stopSeats>,
    @CurrentOperator() operator: string,
  ): Promise<SeatStopView> {
    await this.stops.stop(termId, { operator, note: reason });
    return this.view(termId);
  }

  @Serves(termOperatorCalls.startSeats)
  async start(
    @Asked() { path: { termId }, body }: AskedOf<typeof termOperatorCalls.startSeats>,
    @CurrentOperator() operator: string,
  ): Promise<SeatStopView> {
    await this.stops.start(termId, { operator, note: body?.note ?? '' });
    return this.view(termId);
  }

  private async view(termId: string): Promise<SeatStopView> {
    const stop = await this.stops.of(termId);
    if (!stop) return { termId, stopped: null };
    const { reason, operator, stoppedAt } = stop;
    return { termId, stopped: { reason, operator, stoppedAt } };
  }
}
