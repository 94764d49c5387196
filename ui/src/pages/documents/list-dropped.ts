export interface DroppedFile {
  /** With the folders it came in, parted by forward slashes. */
  name: string;
  file: File;
}

/** Every file that was dropped, those in folders too. Names that begin with a dot are left out, as reading does. */
export async function listDropped(data: DataTransfer): Promise<DroppedFile[]> {
  // Must be read before the first wait: the browser empties it.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...data.files].map((file) => ({ name: file.name, file }));
  const found: DroppedFile[] = [];
  for (const entry of entries) await visit(entry, "", found);
  return found;
}

async function visit(entry: FileSystemEntry, folder: string, found: DroppedFile[]): Promise<void> {
  if (entry.name.startsWith(".")) return;
  const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ name, file });
  } else if (entry.isDirectory) {
    for (const inside of await readAll((entry as FileSystemDirectoryEntry).createReader())) {
      await visit(inside, name, found);
    }
  }
}

/** A reader gives some hundred entries at a time. */
async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
