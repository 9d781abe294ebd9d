/** The risk limits that the settings change, read against the table of what each may be. */
import { failure, type Result, success } from "../kernel/result.ts";
import { isLimitName, isLimitValue, LIMIT_NAMES, limitAccepts } from "../risk/limit-terms.ts";
import type { RiskLimits } from "../risk/limits.ts";

/** One thing that is wrong with the text. */
interface LimitProblem {
  readonly found: string;
  readonly accepts: string;
}

/** "leverageMax=5, stopOutsMax=3" as limits; else all that is wrong with it. */
export function limitsIn(text: string): Result<Partial<RiskLimits>, readonly LimitProblem[]> {
  const limits: Partial<Record<keyof RiskLimits, number>> = {};
  const problems: LimitProblem[] = [];
  for (const part of text.split(",").map((piece) => piece.trim())) {
    if (part === "") continue;
    const [name = "", value = "", ...more] = part.split("=").map((piece) => piece.trim());
    if (!isLimitName(name) || more.length > 0) {
      problems.push({ found: part, accepts: `limit=number with one of ${LIMIT_NAMES.join(", ")}` });
    } else if (value === "" || !isLimitValue(name, Number(value))) {
      problems.push({ found: part, accepts: `${name}=${limitAccepts(name)}` });
    } else {
      limits[name] = Number(value);
    }
  }
  return problems.length > 0 ? failure(problems) : success(limits);
}
