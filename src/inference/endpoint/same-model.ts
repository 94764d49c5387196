/**
 * Whether a reply's model is the one asked for: endpoints add a date, a revision, a folder or a tag to the name, or leave
 * one out (`gpt-4o-mini` answers as `gpt-4o-mini-2024-07-18`, `qwen3` as `qwen3:latest`).
 */
export function isSameModel(asked: string, answered: string): boolean {
  const [a, b] = [bareName(asked), bareName(answered)];
  return a === b;
}

function bareName(name: string): string {
  const last = name.toLowerCase().replace(/\/+$/, "").split(/[/\\]/).at(-1)!;
  return last
    .replace(/@.*$/, "")
    .replace(/:(?:latest|free|main)$/, "")
    .replace(/\.gguf$/, "")
    .replace(/-(?:latest|\d{4}-?\d{2}-?\d{2}|\d{4})$/, "");
}

/** The names nearest to the one asked for first, by the pairs of letters they share. */
export function nearestNames(asked: string, names: readonly string[]): string[] {
  const wanted = pairs(asked);
  const likeness = (name: string): number => {
    const own = pairs(name);
    const shared = [...own].filter((pair) => wanted.has(pair)).length;
    return (2 * shared) / (own.size + wanted.size || 1);
  };
  return names
    .map((name) => ({ name, likeness: likeness(name) }))
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ name }) => name);
}

function pairs(text: string): Set<string> {
  const lower = text.toLowerCase();
  return new Set(Array.from({ length: Math.max(0, lower.length - 1) }, (_, i) => lower.slice(i, i + 2)));
}
