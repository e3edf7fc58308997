import { Injectable } from '@nestjs/common';
import { Topic } from '../../common/topic';

/** A student's cart of a term was replaced. */
export interface CartChanged {
  studentId: string;
  termId: string;
  /** Of the cart that is kept now; rises with every change. */
  version: number;
}

/** The carts that this pod has committed. Whoever listens tells other pods. */
@Injectable()
export class CartEvents extends Topic<[CartChanged]> {}
