/** A signed-in browser for the benches. */
export const PASSWORD = "bench-password-1";

/** Signs in with {@link PASSWORD}; returns the session's cookie. */
export async function signIn(dashboard: string, name = "admin"): Promise<string> {
  const answer = await fetch(`${dashboard}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: dashboard, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ name, password: PASSWORD }),
  });
  if (answer.status !== 303) throw new Error(`wanted 303 from the login, found ${answer.status}`);
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}
