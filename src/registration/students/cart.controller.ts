import { Controller, UseGuards } from '@nestjs/common';
import type { SignedInStudent } from '../../contract/identity';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { enrolmentCalls, type CartView } from '../../contract/enrolments';
import { CurrentStudent, StudentGuard } from '../../identity/student.guard';
import { CartService } from './cart.service';

/** The signed-in student's cart of a term, before, in and after the line: it needs no admission and grants nothing. */
@UseGuards(StudentGuard)
@Controller()
export class CartController {
  constructor(private readonly carts: CartService) {}

  @Serves(enrolmentCalls.cart)
  get(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId } }: AskedOf<typeof enrolmentCalls.cart>,
  ): Promise<CartView> {
    return this.carts.get(termId, student.id);
  }

  @Serves(enrolmentCalls.replaceCart)
  replace(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId }, body: seen }: AskedOf<typeof enrolmentCalls.replaceCart>,
  ): Promise<CartView> {
    return this.carts.replace(termId, student.id, seen);
  }
}
