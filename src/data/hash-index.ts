/** FNV-1a, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * Finds the entries that were added under a hash, in 12 to 16 bytes an entry: entries are counted from 0, and what they
 * are stays elsewhere. Different things may have one hash, so what is found is to be compared.
 */
export class HashIndex {
  #heads = new Int32Array(1024).fill(-1);
  #hashes = new Uint32Array(1024);
  #before = new Int32Array(1024);
  #size = 0;

  /** Adds the next entry. */
  add(hash: number): number {
    if (this.#size === this.#hashes.length) this.#grow();
    this.#hashes[this.#size] = hash;
    this.#link(this.#size);
    return this.#size++;
  }

  /** The newest entry of this hash that is what is looked for, or -1. */
  find(hash: number, isSought: (entry: number) => boolean): number {
    let entry = this.newest(hash);
    while (entry >= 0 && !isSought(entry)) entry = this.before(entry);
    return entry;
  }

  /** The newest entry of this hash, or -1. */
  newest(hash: number): number {
    return this.#matching(this.#heads[this.#slot(hash)]!, hash);
  }

  /** The entry of the same hash that was added before this one, or -1. */
  before(entry: number): number {
    return this.#matching(this.#before[entry]!, this.#hashes[entry]!);
  }

  #matching(start: number, hash: number): number {
    let entry = start;
    while (entry >= 0 && this.#hashes[entry] !== hash) entry = this.#before[entry]!;
    return entry;
  }

  #slot(hash: number): number {
    // The upper bits as well: those of FNV are the better ones.
    return (hash ^ (hash >>> 15)) & (this.#heads.length - 1);
  }

  #link(entry: number): void {
    const slot = this.#slot(this.#hashes[entry]!);
    this.#before[entry] = this.#heads[slot]!;
    this.#heads[slot] = entry;
  }

  #grow(): void {
    const length = 2 * this.#hashes.length;
    const hashes = new Uint32Array(length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#before = new Int32Array(length);
    this.#heads = new Int32Array(length).fill(-1);
    for (let entry = 0; entry < this.#size; entry++) this.#link(entry);
  }
}
