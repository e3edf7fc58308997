import { Injectable, OnModuleInit } from '@nestjs/common';
import { AdmissionService } from '../../admission/admission.service';
import { CartEvents } from '../../registration/students/cart.service';
import { FanOut } from '../fan-out/fan-out';

/** Tells all sockets of a student, on all pods, that the cart was changed, and so the tabs and devices that did not. */
@Injectable()
export class CartAnnouncer implements OnModuleInit {
  constructor(
    private readonly changes: CartEvents,
    private readonly fanOut: FanOut,
    private readonly admissions: AdmissionService,
  ) {}

  onModuleInit(): void {
    this.changes.subscribe(({ studentId, termId, version }) => {
      this.admissions.noteAct(studentId, termId);
      this.fanOut.tellStudent(studentId, 'cart:changed', { termId, version });
    });
  }
}
