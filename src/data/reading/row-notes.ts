import type { DataWarning } from "../check-examples.ts";
import type { ExampleRow } from "./read-example.ts";

/** What there is to tell of a file's rows besides those that cannot be used. */
export class RowNotes {
  readonly #mended = new Tally();
  readonly #unread = new Tally();
  readonly #types = new Tally();
  #guess: string | undefined;

  add({ place, notes, read, guess }: ExampleRow): void {
    this.#guess = guess;
    for (const note of notes) this.#mended.add(note, place);
    if ("problem" in read) return;
    this.#types.add(read.type, place);
    for (const { key, meant } of read.unread) {
      this.#unread.add(meant === undefined ? `"${key}"` : `"${key}" (did you mean "${meant}"?)`, place);
    }
  }

  warnings(name: string): DataWarning[] {
    const warnings: DataWarning[] = [];
    if (this.#guess !== undefined)
      warnings.push({ code: "LORAG_ENCODING_GUESSED", message: `${name}: ${this.#guess}` });
    if (this.#mended.seen.size > 0) {
      warnings.push({
        code: "LORAG_EXAMPLES_MENDED",
        message: `In ${name}: ${this.#mended.list().join("; ")}.`,
      });
    }
    if (this.#unread.seen.size > 0) {
      warnings.push({
        code: "LORAG_UNREAD_KEYS",
        message: `Keys of ${name} that are not read: ${this.#unread.list().join("; ")}.`,
      });
    }
    if (this.#types.seen.size > 1) {
      const list = [...this.#types.seen].map(
        ([type, { count, first }]) => `${count} of ${type} (first in ${first})`,
      );
      warnings.push({
        code: "LORAG_MIXED_FORMATS",
        message: `${name} mixes kinds of examples: ${list.join(", ")}.`,
      });
    }
    return warnings;
  }
}

/** What was seen, how often, and where first. */
class Tally {
  readonly seen = new Map<string, { count: number; first: string }>();

  add(what: string, place: string): void {
    const found = this.seen.get(what);
    if (found) found.count++;
    else this.seen.set(what, { count: 1, first: place });
  }

  list(): string[] {
    return [...this.seen].map(([what, { count, first }]) =>
      count === 1 ? `${what} in ${first}` : `${what} in ${first} and ${count - 1} more`,
    );
  }
}
