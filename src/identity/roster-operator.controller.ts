import { Controller, Get, HttpCode, Logger, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DomainError } from '../common/domain-error';
import { CheckedQuery } from '../common/validation';
import { CurrentOperator, OperatorGuard } from './operator.guard';
import { Roster, RosterError, type RosterLoss } from './roster';
import { RosterKeeper } from './roster-keeper';

/** Of what is wrong with a file, lines in one answer. */
const MOST_PROBLEMS = 100;

const reloadSchema = z.strictObject({ force: z.stringbool().default(false) });

/** The roster as this pod has it; all have the same within a second. */
export interface RosterState {
  /** Whether there is one; without, everybody who signs in may register. */
  inForce: boolean;
  /** Whom it names. */
  students: number;
  /** What the file that this pod read last would have done, when it was refused for that. */
  refused?: RosterLoss;
}

/** What operators do about who may register. */
@ApiTags('operator')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('api/operator/roster')
export class RosterOperatorController {
  private readonly logger = new Logger('Roster');

  constructor(
    private readonly roster: Roster,
    private readonly keeper: RosterKeeper,
  ) {}

  @Get()
  @ApiOperation({ summary: 'How many the roster names, and whether a file was refused' })
  state(): RosterState {
    const { size, text } = this.roster;
    return { inForce: text !== undefined, students: size, refused: this.keeper.refused };
  }

  @Post('reload')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Read ROSTER_FILE again, for all pods, as SIGHUP does; refused when many who may register could not any more',
  })
  @ApiQuery({
    name: 'force',
    required: false,
    type: Boolean,
    description: 'Also a file by which many who may register now could not any more',
  })
  async reload(
    @CheckedQuery(reloadSchema) { force }: z.output<typeof reloadSchema>,
    @CurrentOperator() operator: string,
  ): Promise<RosterState> {
    try {
      await this.keeper.reload({ force });
    } catch (error) {
      if (!(error instanceof RosterError)) throw error;
      const problems = error.problems.slice(0, MOST_PROBLEMS);
      throw new DomainError('invalid_input', 'The roster file has problems; the list stays as it was.', { problems });
    }
    this.logger.log(
      `The roster was read again by ${operator}${force ? ', with force' : ''}: ${this.roster.size} students.`,
    );
    return this.state();
  }
}
