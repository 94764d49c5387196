export { serveWorker, startWorker } from "./worker.ts";
export type { Emit, WorkerHandle, WorkerMethods } from "./worker.ts";
export {
  appendBytes,
  appendJsonLine,
  exists,
  listFiles,
  listFolder,
  makeFolder,
  readFile,
  readText,
  removePath,
  resolveInside,
  sha256,
  sha256File,
  statPath,
} from "./files.ts";
export { isCompleteFolder, sweepLeftovers, syncTree, writeFileAtomic, writeFolderAtomic } from "./atomic.ts";
export type { Content, WriteMember } from "./atomic.ts";
export { parseJson, parseJsonLines } from "./json.ts";
export { memorySource, openFile } from "./byte-source.ts";
export type { ByteSource } from "./byte-source.ts";
export { isUtf8Text, textPieces } from "./text-pieces.ts";
export { createRowFile } from "./row-file.ts";
export type { RowFile } from "./row-file.ts";
export { createInTurn } from "./in-turn.ts";
export { ioError } from "./io-error.ts";
export { takeLock } from "./lock.ts";
export { readZip } from "./archive.ts";
export { cacheFolder } from "./cache-folder.ts";
export { download } from "./download.ts";
export type { Download } from "./download.ts";
export { fetchJson } from "./http.ts";
export type { HttpRequest } from "./http.ts";
export { watchFolder } from "./watch-folder.ts";
export { fetchFile } from "./fetch-file.ts";
export { readRows } from "./read-rows.ts";
export { httpExchange } from "./http-exchange.ts";
export type { HttpLimits, HttpReply } from "./http-exchange.ts";
export { runProcess } from "./process.ts";
export type { ProcessResult } from "./process.ts";
export { describeMachine, freeBytes } from "./machine.ts";
export type { Machine } from "./machine.ts";
export { askToStop, isRunning, ownProcess, startDetached } from "./detached.ts";
export type { ProcessId } from "./detached.ts";
export { openAddress } from "./open-address.ts";
export { listen } from "./listener.ts";
export type { Listener } from "./listener.ts";
