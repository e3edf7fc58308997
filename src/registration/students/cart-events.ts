import { Injectable } from '@nestjs/common';
import { CommittedEvents } from '../ports/committed-events';

/** A student's cart of a term was replaced. */
export interface CartChanged {
  studentId: string;
  termId: string;
  /** Of the cart that is kept now; rises with every change. */
  version: number;
}

@Injectable()
export class CartEvents extends CommittedEvents<CartChanged> {}
