/**
 * A row of a list that a client cannot use: one field of it says something else, or nothing. The
 * venue's own state stays right, only what is told of it is wrong.
 */
import { isRecord } from "../../kernel/json.ts";

interface RowFault {
  /** Contract whose rows are changed; every row when it is left out. */
  readonly symbol?: string | undefined;
  readonly field?: string | undefined;
  /** What the field says instead; without it the field is missing. */
  readonly value?: string | number | null | undefined;
}

/** The body of a reply with the rows of its list changed; as it was when it has no list. */
export function withRowFault(body: string, { symbol, field, value }: RowFault): string {
  const reply: unknown = JSON.parse(body);
  if (field === undefined || !isRecord(reply) || !isRecord(reply.result)) return body;
  const { list } = reply.result;
  if (!Array.isArray(list)) return body;
  const changed = list.map((row: unknown) => {
    if (!isRecord(row) || (symbol !== undefined && row.symbol !== symbol)) return row;
    const { [field]: _said, ...others } = row;
    return value === undefined ? others : { ...others, [field]: value };
  });
  return JSON.stringify({ ...reply, result: { ...reply.result, list: changed } });
}
