import {
  BooleanQuery,
  connect,
  Index,
  MatchQuery,
  Occur,
  type Connection,
  type Table,
} from "@lancedb/lancedb";
import {
  LoragError,
  type ChunkQuery,
  type ChunkStore,
  type Chunk,
  type IndexedDocument,
  type LanguageCode,
} from "../../contracts/index.ts";
import { createInTurn, ioError, makeFolder, sha256, syncTree, takeLock } from "../../platform/index.ts";
import { questionTokens } from "../../text/index.ts";
import { chunkSchema, toChunk, toChunkTable } from "./chunk-table.ts";
import { filterSql } from "./filter-sql.ts";
import { openGenerationLog, type Generation, type GenerationLog } from "./generations.ts";

/** Below this many chunks every vector is compared, which is exact and as fast as an index. */
const exactLimit = 20_000;
/** With an index, at least this many candidates are compared exactly: its own distances are coarse. */
const compared = 50;
/** Candidates while HNSW is built. LanceDB's own 300 takes two to three times as long and finds no more here. */
const buildWidth = 120;
/** Rows copied in one go, where a table is written anew. */
const copiedAtOnce = 50_000;
/** Rows that the vector index may lack before it is made anew, as a share of all; they are compared one by one. */
const unindexedShare = 0.1;

interface Snapshot {
  generation: Generation;
  /** Set to the generation's version; writers use a handle of their own. */
  table: Table;
}

export interface LanceStoreOptions {
  /** See `indexIdentity`. An index of another identity counts as empty, and is replaced by the first `apply`. */
  identity: string;
  /** Of the vectors. */
  dimensions: number;
  /** Of the documents; undefined detects it, passage by passage. */
  language?: LanguageCode;
}

/**
 * A ChunkStore in a folder, by LanceDB (vectors: exact, or HNSW with scalar quantisation; words: BM25 over
 * the tokens of `searchTokens`). LanceDB does not make its files durable, and its own latest version may be one that a crash cut off; so a
 * change is: write, fsync, then name the new version in a generation file, swapped in atomically; then remove the old one.
 * Throws LORAG_DAMAGED_INDEX where a file of the index is gone or damaged; LORAG_LOCKED where another process is writing.
 */
export async function openLanceStore(folder: string, options: LanceStoreOptions): Promise<ChunkStore> {
  const databaseFolder = `${folder}/lance`;
  const log = openGenerationLog(folder, databaseFolder);
  await makeFolder(databaseFolder);
  const database = await connect(databaseFolder);
  let snapshot = await openSnapshot(folder, database, log);
  const inTurn = createInTurn();

  /** The snapshot, unless it was made for another embedder or chunking. */
  const current = (): Snapshot | undefined =>
    snapshot?.generation.identity === options.identity ? snapshot : undefined;

  const apply: ChunkStore["apply"] = async ({ upsert, remove, more = false }) => {
    const lock = await takeLock(`${folder}/write.lock`);
    try {
      const before = current();
      const nothingToDo = upsert.length === 0 && remove.length === 0;
      if (nothingToDo && (!before || before.generation.indexed || more)) return;
      if (snapshot) await log.sweep(snapshot.generation);
      const startedMs = Date.now();
      const newTable = newTableName(options.identity, startedMs);
      let tableName = before?.generation.table ?? newTable;
      const written = await writeRows(database, tableName, before, upsert, remove, options);
      let { table } = written;
      if (!more) {
        if (holdsDeletedRows(await log.listFiles(tableName))) {
          table = await copyRows(database, newTable, table);
          tableName = newTable;
        }
        await buildIndexes(table, snapshot?.generation);
      }
      await syncTree(databaseFolder);
      const documents = new Map(Object.entries(before?.generation.documents ?? {}));
      for (const id of remove) documents.delete(id);
      for (const { documentId, hash } of upsert) documents.set(documentId, hash);
      const generation: Generation = {
        number: (snapshot?.generation.number ?? 0) + 1,
        startedMs,
        identity: options.identity,
        table: tableName,
        version: await table.version(),
        rows: await table.countRows(),
        indexed: !more,
        documents: Object.fromEntries(documents),
        languages: written.languages,
        files: await log.listFiles(tableName),
      };
      await log.write(generation);
      const replaced = snapshot;
      snapshot = { generation, table: await openTable(database, generation) };
      replaced?.table.close();
      table.close();
      await log.sweep(generation);
      await dropOtherTables(database, tableName);
    } catch (error) {
      throw ioError(error, "write the index in", folder);
    } finally {
      await lock.release();
    }
  };

  return {
    documents: async () => new Map(Object.entries(current()?.generation.documents ?? {})),
    generation: async () => {
      const made = current()?.generation;
      return made && { number: made.number, startedMs: made.startedMs };
    },
    // One change at a time, in the order of the calls.
    apply: (change) => inTurn(() => apply(change)),
    search: async (request) => {
      for (;;) {
        const opened = current();
        if (!opened) return [];
        try {
          return await searchTable(opened, request);
        } catch (cause) {
          // Another process may have changed the index since, and removed the files that are open here.
          const newest = await openSnapshot(folder, database, log);
          if (newest?.generation.number === opened.generation.number) throw damagedIndex(folder, cause);
          if (snapshot === opened) snapshot = newest;
          else newest?.table.close();
        }
      }
    },
    close: () =>
      inTurn(async () => {
        snapshot?.table.close();
        database.close();
      }),
  };
}

async function searchTable(
  { table, generation }: Snapshot,
  { by, limit, where }: ChunkQuery,
): Promise<{ chunk: Chunk; score: number }[]> {
  const words = "text" in by ? wordQuery(by.text, generation.languages as LanguageCode[]) : undefined;
  if ("text" in by && !words) return [];
  const query =
    "vector" in by
      ? table
          .query()
          .nearestTo(by.vector)
          .distanceType("dot")
          .refineFactor(Math.ceil(compared / limit))
          .ef(searchWidth(limit))
      : table.query().fullTextSearch(words!);
  if (where) query.where(filterSql(where));
  const scoreColumn = "vector" in by ? "_distance" : "_score";
  const rows: Record<string, unknown>[] = await query.select(["chunk", scoreColumn]).limit(limit).toArray();
  const found = rows.map((row) => {
    const score = row[scoreColumn] as number;
    return { chunk: toChunk(row), score: "vector" in by ? 1 - score : score };
  });
  return found.sort((a, b) => b.score - a.score || (a.chunk.id < b.chunk.id ? -1 : 1));
}

/** A part of a question's word weighs less than a word, as there are many of them and most are no words. */
export const partWeight = 0.2;

function wordQuery(question: string, languages: LanguageCode[]): BooleanQuery | undefined {
  const { words, parts } = questionTokens(question, languages);
  const queries = [
    ...(words.length > 0 ? [new MatchQuery(words.join(" "), "words")] : []),
    ...(parts.length > 0 ? [new MatchQuery(parts.join(" "), "words", { boost: partWeight })] : []),
  ];
  if (queries.length === 0) return undefined;
  return new BooleanQuery(queries.map((query) => [Occur.Should, query]));
}

/** HNSW keeps this many candidates while it searches; more is slower and finds more of the true neighbours. */
const searchWidth = (limit: number): number => 2 * Math.max(compared, limit);

/** The newest generation. Leftovers of an interrupted change go, unless someone is writing now. */
async function openSnapshot(
  folder: string,
  database: Connection,
  log: GenerationLog,
): Promise<Snapshot | undefined> {
  for (let tried: number | undefined; ;) {
    const generation = await log.read();
    if (generation === undefined) return undefined;
    if (generation === "damaged") throw damagedIndex(folder);
    try {
      // Before opening: the database looks at its latest version first, which may be a torn one.
      await sweepUnlessBusy(folder, log, generation);
      const table = await openTable(database, generation);
      if ((await table.countRows()) === generation.rows) return { generation, table };
      throw damagedIndex(folder);
    } catch (cause) {
      if (cause instanceof LoragError) throw cause;
      // Another process may have replaced it in this very moment: then there is a newer one.
      if (tried === generation.number) throw damagedIndex(folder, cause);
      tried = generation.number;
    }
  }
}

function damagedIndex(folder: string, cause?: unknown): LoragError {
  const details = cause instanceof Error ? ` (${cause.message.split(/\n|, \/|\. /)[0]!.slice(0, 300)})` : "";
  return new LoragError({
    code: "LORAG_DAMAGED_INDEX",
    kind: "data",
    message: `The index in ${folder} is damaged${details}`,
    next: "Remove that folder and run `lorag index`: it is made anew from the documents.",
    cause,
  });
}

async function sweepUnlessBusy(folder: string, log: GenerationLog, generation: Generation): Promise<void> {
  if (!(await log.hasLeftovers(generation))) return;
  try {
    const lock = await takeLock(`${folder}/write.lock`);
    try {
      await log.sweep(generation);
    } finally {
      await lock.release();
    }
  } catch (error) {
    // Another process is writing, or we may only read: the files are not in the way then.
    const tolerated = ["LORAG_LOCKED", "LORAG_READ_ONLY", "LORAG_NO_PERMISSION"];
    if (!(error instanceof LoragError && tolerated.includes(error.code))) throw error;
  }
}

async function openTable(database: Connection, generation: Generation): Promise<Table> {
  const table = await database.openTable(generation.table);
  await table.checkout(generation.version);
  return table;
}

async function writeRows(
  database: Connection,
  name: string,
  before: Snapshot | undefined,
  upsert: IndexedDocument[],
  remove: string[],
  { dimensions, language }: LanceStoreOptions,
): Promise<{ table: Table; languages: string[] }> {
  const added = upsert.some((document) => document.chunks.length > 0)
    ? toChunkTable(upsert, dimensions, language)
    : undefined;
  const languages = [...new Set([...(before?.generation.languages ?? []), ...(added?.languages ?? [])])];
  if (!before && added) return { table: await database.createTable(name, added.rows), languages };
  const table = before
    ? await database.openTable(name)
    : await database.createEmptyTable(name, chunkSchema(dimensions));
  const known = before?.generation.documents ?? {};
  const gone = [...remove, ...upsert.map((document) => document.documentId)].filter((id) => id in known);
  for (let start = 0; start < gone.length; start += 500) {
    await table.delete(filterSql({ field: "documentId", in: gone.slice(start, start + 500) }));
  }
  if (before && added) await table.add(added.rows);
  return { table, languages };
}

/**
 * Whether rows that were deleted are still in the table's files. It is then written anew without them: `optimize` would
 * leave them until they are a tenth. A large table's vector index has to be made anew for that, too.
 */
const holdsDeletedRows = (files: Record<string, number>): boolean =>
  Object.keys(files).some((name) => name.includes("/_deletions/"));

async function copyRows(database: Connection, name: string, from: Table): Promise<Table> {
  const schema = await from.schema();
  const to = await database.createEmptyTable(name, schema);
  // A part at a time: a table may be larger than memory.
  const total = await from.countRows();
  for (let start = 0; start < total; start += copiedAtOnce) {
    await to.add(await from.query().offset(start).limit(copiedAtOnce).toArrow());
  }
  from.close();
  return to;
}

/**
 * BM25 is made anew, so that its statistics are those of the present chunks and the same documents give the same
 * scores whatever came before. Versions older than the generation before this one are dropped from disk.
 */
async function buildIndexes(table: Table, previous: Generation | undefined): Promise<void> {
  const rows = await table.countRows();
  // The database turns the date into an age and back, later: the minute keeps the previous generation safe from that.
  await table.optimize({ cleanupOlderThan: new Date((previous?.startedMs ?? 0) - 60_000) });
  if (rows === 0) return;
  await table.createIndex("words", { config: Index.fts(asTheyAre), replace: true });
  if (rows < exactLimit) return;
  const { numIndexedRows = 0 } = (await table.indexStats("vector_idx")) ?? {};
  if (rows - numIndexedRows > rows * unindexedShare) {
    const config = Index.hnswSq({ distanceType: "dot", numPartitions: 1, efConstruction: buildWidth });
    await table.createIndex("vector", { config, replace: true });
  }
}

/** Words are tokens already. */
const asTheyAre = {
  withPosition: false,
  baseTokenizer: "whitespace",
  maxTokenLength: 1024,
  lowercase: false,
  stem: false,
  removeStopWords: false,
  asciiFolding: false,
} as const;

/** Tables of former identities, and those that held deleted rows. */
async function dropOtherTables(database: Connection, current: string): Promise<void> {
  for (const name of await database.tableNames()) if (name !== current) await database.dropTable(name);
}

/** A new identity gets a table of its own: the old index stays whole until the new one is complete. */
function newTableName(identity: string, startedMs: number): string {
  return `chunks-${sha256(identity).slice(0, 8)}-${startedMs.toString(36)}`;
}
