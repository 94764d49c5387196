import { z } from "zod";

/** The keys of a section, each optional and without its default: for what changes some of them. */
export function withoutDefaults<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodType<Partial<z.output<z.ZodObject<Shape>>>> {
  const optional = Object.entries(shape).map(([key, field]) => {
    const bare = field instanceof z.ZodDefault ? field.unwrap() : field;
    return [key, (bare as z.ZodType).optional()];
  });
  return z.strictObject(Object.fromEntries(optional)) as unknown as z.ZodType<
    Partial<z.output<z.ZodObject<Shape>>>
  >;
}
