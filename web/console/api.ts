/** Signing in and out.  The cookie does the work; the token from the answer guards against cross-site requests. */
import type { Agent } from "../shared/protocol";

const kTokenKey = "wasl.token";

export type SignIn =
  { ok: true; agent: Agent } | { ok: false; code: string; retryAfterSeconds?: number };

export async function signIn(email: string, password: string): Promise<SignIn> {
  let response: Response;
  try {
    response = await fetch("/api/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
  } catch {
    return { ok: false, code: "unreachable" };
  }
  const answer = (await response.json().catch(() => ({}))) as {
    token?: string;
    csrf?: string;
    agent?: Agent;
    error?: { code?: string };
  };
  if (response.ok && answer.agent) {
    remember(answer.csrf ?? answer.token);
    return { ok: true, agent: answer.agent };
  }
  const wait = Number(response.headers.get("Retry-After"));
  return {
    ok: false,
    code: answer.error?.code ?? (response.status === 429 ? "too_many_attempts" : "wrong"),
    ...(wait > 0 ? { retryAfterSeconds: wait } : {}),
  };
}

export async function signOut(): Promise<void> {
  const token = rememberedToken();
  remember(undefined);
  await fetch("/api/session", {
    method: "DELETE",
    headers: token ? { "X-CSRF-Token": token } : {},
  }).catch(() => undefined);
}

export const rememberedToken = (): string | undefined =>
  sessionStorage.getItem(kTokenKey) ?? undefined;

function remember(token: string | undefined): void {
  if (token) sessionStorage.setItem(kTokenKey, token);
  else sessionStorage.removeItem(kTokenKey);
}
