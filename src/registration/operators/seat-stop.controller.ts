import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { noteSchema, termIdSchema } from '../../contract/fields';
import { CheckedBody, CheckedParam } from '../../common/validation';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { type SeatStop, SeatStops } from './seat-stops';

const stopSchema = z
  .strictObject({ reason: noteSchema })
  .meta({ example: { reason: 'The times of chemistry labs are wrong and are being corrected' } });

const startSchema = z
  .strictObject({ note: noteSchema.optional() })
  .meta({ example: { note: 'The times are corrected' } })
  .optional();

export interface SeatStopView {
  termId: string;
  /** Null: seats may change. */
  stopped: Omit<SeatStop, 'termId'> | null;
}

/** Ends all changes of a term's seats at once, until they are let go on. */
@ApiTags('operator')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('api/operator/terms/:termId')
export class SeatStopController {
  constructor(private readonly stops: SeatStops) {}

  @Get('stop')
  @ApiOperation({ summary: 'Whether the seats of the term stand still, why and since when' })
  async get(@CheckedParam('termId', termIdSchema) termId: string): Promise<SeatStopView> {
    const stop = await this.stops.of(termId);
    if (!stop) return { termId, stopped: null };
    const { reason, operator, stoppedAt } = stop;
    return { termId, stopped: { reason, operator, stoppedAt } };
  }

  @Post('stop')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Stop every change of seats at once: commits, drops, swaps, waitlists and promotions; students read why',
    description:
      'In force on all pods, and when it is answered nothing is under way any more. Students are refused with ' +
      '`seats_stopped` and the reason. Operators can still change sections and give or take seats. The line goes on: ' +
      'pause the room, too, if nobody is to be let in. Asked again, it changes the reason.',
  })
  async stop(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedBody(stopSchema) { reason }: z.infer<typeof stopSchema>,
    @CurrentOperator() operator: string,
  ): Promise<SeatStopView> {
    await this.stops.stop(termId, { operator, note: reason });
    return this.get(termId);
  }

  @Post('start')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Let seats change again',
    description: 'Promotions that had to wait come first. Offers stay open longer by the time of the stop.',
  })
  async start(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedBody(startSchema) body: z.infer<typeof startSchema>,
    @CurrentOperator() operator: string,
  ): Promise<SeatStopView> {
    await this.stops.start(termId, { operator, note: body?.note ?? '' });
    return this.get(termId);
  }
}
