import { join } from "node:path";
import type { FileStore, StoredFile } from "../../contracts/index.ts";
import { readFile, removePath, writeFileAtomic } from "../../platform/index.ts";
import { nowSeconds, openRecords } from "./records.ts";

/** Uploaded files, each under its id, whatever it was called. */
export function openFileStore(folder: string): FileStore {
  const records = openRecords<StoredFile>(folder, "file-");
  return {
    async add(given, content) {
      const file = { ...given, id: records.newId(), bytes: content.byteLength, created: nowSeconds() };
      // The record last: with it the file is there.
      await writeFileAtomic(contentOf(folder, file), content);
      await records.put(file);
      return file;
    },
    list: (owner) => records.list(owner),
    get: (owner, id) => records.get(owner, id),
    read: (file) => readFile(contentOf(folder, file)),
    async remove(file) {
      await records.remove(file.id);
      await removePath(contentOf(folder, file));
    },
  };
}

export const contentOf = (folder: string, { id }: Pick<StoredFile, "id">): string =>
  join(folder, `${id}.content`);
