/** Where a phrase was found: `tokens.slice(start, end)` is phrase number `phrase`. */
export interface PhraseMatch {
  phrase: number;
  start: number;
  end: number;
}

interface Node {
  next: Map<string, number>;
  /** The node of the longest proper suffix that is in the tree, too. */
  fallback: number;
  depth: number;
  /** The phrase that ends here; -1 for none. */
  phrase: number;
  /** The nearest node on the way of fallbacks where a phrase ends; 0 for none. */
  output: number;
}

/**
 * Finds many phrases at once, by tokens (Aho and Corasick: "Efficient string matching", CACM 1975): building is linear
 * in the phrases, searching in the text. Of equal phrases the first counts; empty ones are never found.
 */
export class PhraseAutomaton {
  readonly #nodes: Node[] = [newNode(0)];

  constructor(phrases: readonly (readonly string[])[]) {
    for (const [phrase, tokens] of phrases.entries()) this.#insert(phrase, tokens);
    this.#link();
  }

  /** The longest matches that do not overlap, left to right: where two do, the longer one, then the earlier. */
  find(tokens: readonly string[]): PhraseMatch[] {
    const length = ({ start, end }: PhraseMatch): number => end - start;
    const longestFirst = this.findAll(tokens).sort((a, b) => length(b) - length(a) || a.start - b.start);
    const taken = new Uint8Array(tokens.length);
    const chosen = longestFirst.filter(({ start, end }) => {
      // What was taken is at least as long, so that it cannot lie between the two.
      if (taken[start] || taken[end - 1]) return false;
      taken.fill(1, start, end);
      return true;
    });
    return chosen.sort((a, b) => a.start - b.start);
  }

  /** Every match, those that overlap too, by where they end. */
  findAll(tokens: readonly string[]): PhraseMatch[] {
    const found: PhraseMatch[] = [];
    let at = 0;
    for (const [index, token] of tokens.entries()) {
      at = this.#step(at, token);
      for (let node = at; node > 0; node = this.#nodes[node]!.output) {
        const { phrase, depth } = this.#nodes[node]!;
        if (phrase >= 0) found.push({ phrase, start: index + 1 - depth, end: index + 1 });
      }
    }
    return found;
  }

  #step(from: number, token: string): number {
    for (let at = from; ; at = this.#nodes[at]!.fallback) {
      const next = this.#nodes[at]!.next.get(token);
      if (next !== undefined) return next;
      if (at === 0) return 0;
    }
  }

  #insert(phrase: number, tokens: readonly string[]): void {
    if (tokens.length === 0) return;
    let at = 0;
    for (const token of tokens) {
      const node = this.#nodes[at]!;
      let next = node.next.get(token);
      if (next === undefined) {
        next = this.#nodes.push(newNode(node.depth + 1)) - 1;
        node.next.set(token, next);
      }
      at = next;
    }
    const end = this.#nodes[at]!;
    if (end.phrase < 0) end.phrase = phrase;
  }

  /** Breadth first, so that the node of a shorter suffix is ready when it is asked for. */
  #link(): void {
    const queue = [...this.#nodes[0]!.next.values()];
    for (const at of queue) {
      const node = this.#nodes[at]!;
      for (const [token, child] of node.next) {
        this.#nodes[child]!.fallback = this.#step(node.fallback, token);
        queue.push(child);
      }
      const suffix = this.#nodes[node.fallback]!;
      node.output = suffix.phrase >= 0 ? node.fallback : suffix.output;
    }
  }
}

const newNode = (depth: number): Node => ({ next: new Map(), fallback: 0, depth, phrase: -1, output: 0 });
