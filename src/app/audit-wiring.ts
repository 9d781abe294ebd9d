/**
 * Who reads the engine's audit besides the monitor: one line each. A new reader (an alert, a
 * recorder) is a file of its own and a line here.
 */
import type { TradingRecord } from "../record/open-record.ts";
import type { AuditReader } from "../runtime/ports/audit-reader.ts";

interface ReaderParts {
  readonly record: TradingRecord;
}

/** They get each tick in this order: what keeps the record comes first. */
export function auditReaders({ record }: ReaderParts): readonly AuditReader[] {
  return [record.journal, record.equity, record.universe];
}
