import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { cacheFolder, exists, readText, writeFileAtomic } from "../../platform/index.ts";

/** Who may use the page. */
export interface Sessions {
  /** For the link that the command prints; good once. */
  readonly token: string;
  /** A new session's secret for the token, and undefined for any other text. */
  exchange(token: string): Promise<string | undefined>;
  isKnown(secret: string): boolean;
}

interface KeptSession {
  sha256: string;
  /** Milliseconds since 1970. */
  until: number;
}

export const sessionSeconds = 7 * 24 * 3600;

/** Sessions outlive the server: a restart changes nothing for an open page. Only hashes are kept. */
export async function openSessions(
  file = process.env["LORAG_UI_SESSIONS"] ?? join(cacheFolder(), "ui-sessions.json"),
  now: () => number = Date.now,
): Promise<Sessions> {
  const token = randomBytes(24).toString("base64url");
  let unused: string | undefined = token;
  let kept = (await readKept(file)).filter(({ until }) => until > now());
  return {
    token,
    async exchange(given) {
      if (unused === undefined || !isSame(given, unused)) return undefined;
      unused = undefined;
      const secret = randomBytes(32).toString("base64url");
      kept = [...kept, { sha256: hash(secret), until: now() + sessionSeconds * 1000 }];
      await writeFileAtomic(file, `${JSON.stringify(kept)}\n`);
      return secret;
    },
    isKnown(secret) {
      const sha256 = hash(secret);
      return kept.some((session) => session.until > now() && isSame(session.sha256, sha256));
    },
  };
}

const hash = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());

async function readKept(file: string): Promise<KeptSession[]> {
  if (!(await exists(file))) return [];
  try {
    const kept = JSON.parse(await readText(file)) as KeptSession[];
    return kept.filter(({ sha256, until }) => typeof sha256 === "string" && typeof until === "number");
  } catch {
    return [];
  }
}
