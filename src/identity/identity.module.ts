import { Inject, Logger, Module, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { failure } from '../common/text';
import { type Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { ClassYears } from './class-year';
import { CodeExchange } from './code-exchange';
import { loadOperators, OperatorDirectory } from './operator-directory';
import { WrongTokenThrottle } from './wrong-token-throttle';
import { OperatorActEntity, OperatorActs } from './operator-acts';
import { OperatorGuard } from './operator.guard';
import { OperatorSessions } from './operator-sessions';
import { OperatorSignInController } from './operator-sign-in.controller';
import { OriginGuard, OriginPolicy } from './origin-policy';
import { Roster } from './roster';
import { RosterKeeper } from './roster-keeper';
import { RosterOperatorController } from './roster-operator.controller';
import { SignInEndEntity } from './sign-in-end.entity';
import { SignInEnds } from './sign-in-ends';
import { SignInController } from './sign-in.controller';
import { SignInOperatorController } from './sign-in-operator.controller';
import { SignInService } from './sign-in.service';
import { loadSigningKeys, SigningKeys } from './signing-keys';
import { SsoVerifier } from './sso-verifier';
import { StudentDirectory } from './student-directory';
import { StudentEntity } from './student.entity';
import { StudentGuard } from './student.guard';

export const identityEntities = [StudentEntity, SignInEndEntity, OperatorActEntity];

const HOUR_MS = 3_600_000;

function makeSignIn(
  config: Config,
  keys: SigningKeys,
  roster: Roster,
  students: StudentDirectory,
  ends: SignInEnds,
  classYears: ClassYears,
  { clock: { now } }: Database,
): SignInService {
  const { demo, hours, sso } = config.signIn;
  const verifier = sso && new SsoVerifier(sso, now);
  const options = { demo, lifetimeMs: hours * HOUR_MS, now };
  return new SignInService(options, keys, roster, students, ends, classYears, verifier);
}

const PARTS = [
  { provide: SigningKeys, useFactory: loadSigningKeys, inject: [CONFIG] },
  { provide: OperatorDirectory, useFactory: loadOperators, inject: [CONFIG] },
  { provide: OriginPolicy, useFactory: (config: Config) => new OriginPolicy(config.http), inject: [CONFIG] },
  { provide: ClassYears, useFactory: (config: Config) => new ClassYears(config.classYears), inject: [CONFIG] },
  {
    provide: Roster,
    useFactory: (config: Config, classYears: ClassYears) => new Roster(config.rosterFile, classYears),
    inject: [CONFIG, ClassYears],
  },
  {
    provide: RosterKeeper,
    useFactory: (roster: Roster, database: Database, students: StudentDirectory) =>
      new RosterKeeper(roster, database, students),
    inject: [Roster, Database, StudentDirectory],
  },
  StudentDirectory,
  SignInEnds,
  { provide: CodeExchange, useFactory: ({ signIn }: Config) => new CodeExchange(signIn.sso), inject: [CONFIG] },
  {
    provide: SignInService,
    useFactory: makeSignIn,
    inject: [CONFIG, SigningKeys, Roster, StudentDirectory, SignInEnds, ClassYears, Database],
  },
  StudentGuard,
  WrongTokenThrottle,
  OperatorActs,
  OperatorSessions,
  OperatorGuard,
];

/** Who is asking. Needs `CONFIG` and `Database` from global modules. */
@Module({
  controllers: [SignInController, OperatorSignInController, SignInOperatorController, RosterOperatorController],
  providers: [...PARTS, { provide: APP_GUARD, useClass: OriginGuard }],
  exports: PARTS,
})
export class IdentityModule implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Identity');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly roster: Roster,
    private readonly keeper: RosterKeeper,
  ) {}

  async onModuleInit(): Promise<void> {
    process.on('SIGHUP', this.reloadRoster);
    await this.keeper.start();
  }

  /** Not before: until the drain is over, the signal would end the process. */
  async onApplicationShutdown(): Promise<void> {
    process.off('SIGHUP', this.reloadRoster);
    await this.keeper.stop();
  }

  private readonly reloadRoster = (): void => {
    if (this.config.rosterFile === undefined) {
      return this.logger.warn({ code: 'roster_file_none' }, 'SIGHUP: there is no ROSTER_FILE to read again');
    }
    this.keeper.reload().then(
      () =>
        this.logger.log({ code: 'roster_read', students: this.roster.size }, 'The roster was read again, for all pods'),
      (error: unknown) =>
        this.logger.error({ code: 'roster_refused', ...failure(error) }, 'The roster stays as it was'),
    );
  };
}
