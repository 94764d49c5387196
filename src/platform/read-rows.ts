import { LoragError } from "../contracts/index.ts";
import { readFile, statPath } from "./files.ts";

export type DatabaseRow = Record<string, unknown>;

export interface RowsRequest {
  /** `postgres://…`, or the path of an SQLite file. */
  database: string;
  query: string;
  /** One more is an error. */
  most: number;
  signal?: AbortSignal;
}

/**
 * The rows of a query that only reads. Throws LORAG_DATABASE for what the database refuses, and where the connection is
 * lost in between: rows that are missing would be taken for deleted ones.
 */
export async function readRows(request: RowsRequest): Promise<DatabaseRow[]> {
  const isPostgres = /^postgres(?:ql)?:\/\//.test(request.database);
  const rows = await (isPostgres ? readPostgres(request) : readSqlite(request));
  if (rows.length > request.most) {
    throw new LoragError({
      code: "LORAG_TOO_MANY_ROWS",
      kind: "config",
      message: `The query of ${request.database} gives more than ${request.most} rows`,
      next: "Narrow the query, or raise `most` of the source.",
    });
  }
  return rows;
}

/** Milliseconds that one statement may take. */
const statementLimit = 120_000;

async function readPostgres({ database, query, most, signal }: RowsRequest): Promise<DatabaseRow[]> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    connectionString: database,
    connectionTimeoutMillis: 10_000,
    query_timeout: statementLimit + 10_000,
    statement_timeout: statementLimit,
  });
  // A connection that is lost between two questions is told by the next one.
  client.on("error", () => {});
  const onAbort = (): void => void client.end();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    await client.connect();
    await client.query("BEGIN TRANSACTION READ ONLY");
    // The server itself refuses what writes; a cursor takes one SELECT and nothing behind it.
    await client.query({
      text: `DECLARE documents NO SCROLL CURSOR FOR ${query.trim().replace(/;\s*$/, "")}`,
      queryMode: "extended",
    } as { text: string });
    const rows: DatabaseRow[] = [];
    while (rows.length <= most) {
      const { rows: some } = await client.query<DatabaseRow>("FETCH 1000 FROM documents");
      rows.push(...some);
      if (some.length === 0) break;
    }
    return rows;
  } catch (cause) {
    signal?.throwIfAborted();
    throw databaseError(database, cause);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await client.end().catch(() => {});
  }
}

/** Read from the file's bytes: nothing is locked and nothing can be written. */
async function readSqlite({ database, query, most }: RowsRequest): Promise<DatabaseRow[]> {
  const log = (await statPath(`${database}-wal`))?.size ?? 0;
  if (log > 0) {
    throw new LoragError({
      code: "LORAG_DATABASE",
      kind: "unavailable",
      message: `${database} has changes that are not in the file itself yet (${database}-wal)`,
      next: "Close the program that writes to it, or run `PRAGMA wal_checkpoint(TRUNCATE)` there.",
    });
  }
  const bytes = await readFile(database);
  const { default: open } = await import("sql.js");
  try {
    const sqlite = new (await open()).Database(bytes);
    try {
      const statement = sqlite.prepare(query);
      const rows: DatabaseRow[] = [];
      while (rows.length <= most && statement.step()) rows.push(statement.getAsObject());
      return rows;
    } finally {
      sqlite.close();
    }
  } catch (cause) {
    throw databaseError(database, cause);
  }
}

function databaseError(database: string, cause: unknown): LoragError {
  const { message, code } = cause as { message?: string; code?: string };
  return new LoragError({
    code: "LORAG_DATABASE",
    kind: "unavailable",
    message: `${database} gave no rows (${(message || code || String(cause)).slice(0, 300)})`,
    next: "Check the address and the query. The index stays as it is.",
    cause,
  });
}
