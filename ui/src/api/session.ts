import { post } from "./request.ts";

/** Exchanges the token of the link for a session, and takes it out of the address and the history. */
export async function openSession(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  // Where that fails there may be a session already; the first request tells.
  await post("/api/session", { token }).catch(() => {});
}
