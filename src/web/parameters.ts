/** Reads what a request's address says: the path's names and the query, each once. */
import type { Context } from "hono";
import type { z } from "zod";
import { readParams, repeatedParameter, unknownParameter } from "../monitor/params.ts";

/** As text. Throws BadParameter for a name that stands twice, in the path and the query too. */
export function textParamsOf(c: Context): Readonly<Record<string, string>> {
  const query = Object.entries(c.req.queries());
  const repeated = query.find(([, values]) => values.length > 1);
  if (repeated !== undefined) throw repeatedParameter(repeated[0]);
  const path = c.req.param();
  const twice = query.find(([name]) => Object.hasOwn(path, name));
  if (twice !== undefined) throw unknownParameter(twice[0], []);
  return { ...Object.fromEntries(query.map(([name, [value = ""]]) => [name, value])), ...path };
}

/** Checked and typed. Throws BadParameter. */
export function paramsOf<Shape extends z.ZodRawShape>(
  c: Context,
  schema: z.ZodObject<Shape>,
): z.infer<z.ZodObject<Shape>> {
  return readParams(schema, textParamsOf(c));
}
