import { Controller, Logger, UseGuards } from '@nestjs/common';
import { DomainError } from '../common/domain-error';
import { Asked, Serves } from '../common/serves';
import type { AskedOf } from '../contract/call';
import { identityCalls, type RosterState } from '../contract/identity';
import { OperatorActs } from './operator-acts';
import { CurrentOperator, OperatorGuard } from './operator.guard';
import { Roster, RosterError } from './roster';
import { RosterKeeper } from './roster-keeper';

/** Of what is wrong with a file, lines in one answer. */
const MOST_PROBLEMS = 100;

/** What operators do about who may register. */
@UseGuards(OperatorGuard)
@Controller()
export class RosterOperatorController {
  private readonly logger = new Logger('Roster');

  constructor(
    private readonly roster: Roster,
    private readonly keeper: RosterKeeper,
    private readonly acts: OperatorActs,
  ) {}

  @Serves(identityCalls.roster)
  state(): RosterState {
    const { size, text } = this.roster;
    return { inForce: text !== undefined, students: size, refused: this.keeper.refused };
  }

  @Serves(identityCalls.reloadRoster)
  async reload(
    @Asked() { query: { force } }: AskedOf<typeof identityCalls.reloadRoster>,
    @CurrentOperator() operator: string,
  ): Promise<RosterState> {
    try {
      await this.keeper.reload({ force });
    } catch (error) {
      if (!(error instanceof RosterError)) throw error;
      const problems = error.problems.slice(0, MOST_PROBLEMS);
      throw new DomainError('invalid_input', 'The roster file has problems; the list stays as it was.', { problems });
    }
    const fields = { code: 'roster_read', operator, force, students: this.roster.size };
    this.logger.log(fields, 'The roster was read again, for all pods');
    await this.acts.note({ operator, act: 'roster', details: { force, students: this.roster.size } });
    return this.state();
  }
}
