import { Controller, Get, Header, Put, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { sectionIdSchema, termIdSchema } from '../../contract/fields';
import { CheckedBody, CheckedParam } from '../../common/validation';
import type { SignedInStudent } from '../../identity/student';
import { CurrentStudent, StudentGuard } from '../../identity/student.guard';
import { CartService, type CartView } from './cart.service';

/** As many sections as one commit takes. */
const MOST_SECTIONS = 20;

const cartSchema = z
  .strictObject({
    sectionIds: z
      .array(sectionIdSchema)
      .max(MOST_SECTIONS)
      .refine((ids) => new Set(ids).size === ids.length, 'a section twice'),
    /** Of the cart that the caller saw. */
    version: z.number().int().min(0),
  })
  .meta({ example: { sectionIds: ['0000162389', '0000162390'], version: 0 } });

/** The signed-in student's cart of a term, before, in and after the line: it needs no admission and grants nothing. */
@ApiTags('cart')
@ApiBearerAuth()
@UseGuards(StudentGuard)
@Controller('api/terms/:termId/cart')
export class CartController {
  constructor(private readonly carts: CartService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The cart, and which of its sections the rules would refuse' })
  get(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
  ): Promise<CartView> {
    return this.carts.get(termId, student.id);
  }

  @Put()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Replace the cart of the version given; `conflict` with the newest cart when it was changed meanwhile',
  })
  replace(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedBody(cartSchema) seen: z.infer<typeof cartSchema>,
  ): Promise<CartView> {
    return this.carts.replace(termId, student.id, seen);
  }
}
