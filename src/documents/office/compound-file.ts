import { unusable } from "../parser.ts";

/** One of Microsoft's compound files: a small file system in a file. ([MS-CFB].) */
export interface CompoundFile {
  /** Streams by their path, with `/` between storages. */
  streams: Map<string, () => Uint8Array>;
}

const endOfChain = 0xfffffffe;
const longestChain = 4_000_000;

/** Throws LORAG_UNREADABLE where the file's tables lead nowhere. */
export function openCompoundFile(bytes: Uint8Array): CompoundFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file.length < 512 || file.readUInt32BE(0) !== 0xd0cf11e0) throw damaged("its header is missing");
  const sectorSize = 1 << file.readUInt16LE(30);
  const miniSize = 1 << file.readUInt16LE(32);
  if (sectorSize < 128 || sectorSize > 65_536 || miniSize > sectorSize) throw damaged("its header is wrong");
  const miniLimit = file.readUInt32LE(56);
  const sector = (number: number): Buffer =>
    file.subarray((number + 1) * sectorSize, (number + 2) * sectorSize);
  const fat = readTable(file, sectorSize, sector);
  const chain = (start: number, table: Uint32Array): number[] => {
    const numbers: number[] = [];
    for (let at = start; at < endOfChain - 1 && at < table.length; at = table[at]!) {
      numbers.push(at);
      if (numbers.length > Math.min(longestChain, table.length))
        throw damaged("a chain of its sectors is a circle");
    }
    return numbers;
  };
  const readChain = (start: number): Buffer => Buffer.concat(chain(start, fat).map(sector));
  const directory = readChain(file.readUInt32LE(48));
  const miniFat = toNumbers(readChain(file.readUInt32LE(60)));
  const root = readEntry(directory, 0);
  let mini: Buffer | undefined;
  const readStream = (start: number, size: number): Uint8Array => {
    if (size >= miniLimit) return readChain(start).subarray(0, size);
    mini ??= root ? readChain(root.start) : Buffer.alloc(0);
    const parts = chain(start, miniFat).map((at) => mini!.subarray(at * miniSize, (at + 1) * miniSize));
    return Buffer.concat(parts).subarray(0, size);
  };
  const streams = new Map<string, () => Uint8Array>();
  const seen = new Set<number>();
  const visit = (first: number, path: string): void => {
    const waiting = [first];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const entry = seen.has(at) ? undefined : readEntry(directory, at);
      if (!entry) continue;
      seen.add(at);
      waiting.push(entry.left, entry.right);
      const name = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.type === 2) streams.set(name, () => readStream(entry.start, entry.size));
      else if (path.split("/").length < 8) visit(entry.child, name);
    }
  };
  if (root) visit(root.child, "");
  return { streams };
}

/** Their names; none where the file is damaged. */
export function listCompoundStreams(bytes: Uint8Array): string[] {
  try {
    return [...openCompoundFile(bytes).streams.keys()];
  } catch {
    return [];
  }
}

/** The table of which sector follows which: its own sectors are listed in the header, and then in a chain of lists. */
function readTable(file: Buffer, sectorSize: number, sector: (number: number) => Buffer): Uint32Array {
  const numbers = [...toNumbers(file.subarray(76, 512))];
  let next = file.readUInt32LE(68);
  for (let count = 0; next < endOfChain - 1 && count < 10_000; count++) {
    const list = toNumbers(sector(next));
    numbers.push(...list.subarray(0, sectorSize / 4 - 1));
    next = list.at(-1) ?? endOfChain;
  }
  return toNumbers(Buffer.concat(numbers.filter((number) => number < endOfChain - 1).map(sector)));
}

function toNumbers(part: Buffer): Uint32Array {
  const numbers = new Uint32Array(Math.floor(part.length / 4));
  for (let i = 0; i < numbers.length; i++) numbers[i] = part.readUInt32LE(4 * i);
  return numbers;
}

function readEntry(directory: Buffer, index: number) {
  const entry = directory.subarray(index * 128, (index + 1) * 128);
  if (entry.length < 128 || entry[66] === 0) return undefined;
  return {
    name: entry.toString("utf16le", 0, Math.max(0, Math.min(64, entry.readUInt16LE(64)) - 2)),
    type: entry[66]!,
    left: entry.readUInt32LE(68),
    right: entry.readUInt32LE(72),
    child: entry.readUInt32LE(76),
    start: entry.readUInt32LE(116),
    size: entry.readUInt32LE(120),
  };
}

function damaged(what: string): Error {
  return unusable(
    "LORAG_UNREADABLE",
    `the file is damaged (${what})`,
    "Open it in its own program and save it again.",
  );
}
