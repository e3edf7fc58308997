import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/**
 * JSON schemas of one document. Those that have an `id` in their meta are said once, among the components, and named
 * wherever they occur.
 */
export class SchemaBook {
  readonly components: Record<string, JsonSchema> = {};

  /** What goes over the wire; of what is read from it, the form before it is read. */
  of(schema: z.ZodType): JsonSchema {
    return this.hoist(schema, 'input');
  }

  /** Of what is sent as text, in a query or header: what the text means. */
  ofText(schema: z.ZodType): JsonSchema {
    return this.hoist(schema, 'output');
  }

  private hoist(of: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const text = JSON.stringify(z.toJSONSchema(of, { io, override: plain })).replaceAll(
      '"#/$defs/',
      '"#/components/schemas/',
    );
    const {
      $schema: _,
      $defs = {},
      ...schema
    } = JSON.parse(text) as JsonSchema & { $defs?: Record<string, JsonSchema> };
    Object.assign(this.components, $defs);
    const { id } = schema;
    if (typeof id !== 'string') return schema;
    this.components[id] = schema;
    return { $ref: `#/components/schemas/${id}` };
  }
}

/** That a whole number is one of JavaScript's goes without saying. */
function plain({ jsonSchema: it }: { jsonSchema: { minimum?: number; maximum?: number } }): void {
  if (it.minimum === Number.MIN_SAFE_INTEGER) delete it.minimum;
  if (it.maximum === Number.MAX_SAFE_INTEGER) delete it.maximum;
}
