/** What a test takes for granted of its own material: fails, saying so, when it is not there. */
export function given<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("the test's own material is missing");
  return value;
}
