import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { failure } from '../../common/text';
import { SignInEnds } from '../../identity/sign-in-ends';
import { FanOut } from '../fan-out/fan-out';
import { LiveSessions } from '../live-sessions';

/** Closes the sockets of sign-ins that were ended, and tells the other pods to do the same. */
@Injectable()
export class EndedSignIns implements OnApplicationBootstrap {
  private readonly logger = new Logger('Identity');

  constructor(
    private readonly ends: SignInEnds,
    private readonly sessions: LiveSessions,
    private readonly fanOut: FanOut,
  ) {}

  onApplicationBootstrap(): void {
    this.ends.onEnded((studentId) => this.close(studentId));
    this.ends.onEndedHere(() => this.fanOut.tellPodsOfSignIns());
    this.fanOut.onSignInsEnded(() => {
      this.ends
        .look()
        .catch((error: unknown) =>
          this.logger.warn({ code: 'sign_in_ends_away', ...failure(error) }, 'Ended sign-ins are read later'),
        );
    });
  }

  /** The client comes back, is refused at the handshake, and shows the student the sign-in again. */
  private close(studentId: string): void {
    for (const { socket } of this.sessions.ofStudent(studentId)) {
      if (this.ends.isEnded(socket.data.signIn)) socket.disconnect(true);
    }
  }
}
