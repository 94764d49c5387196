import { useEffect, useState, type Dispatch, type SetStateAction } from "react";
import { useProject } from "../../api/use-project.ts";

const kept = new Map<string, unknown>();

/**
 * State that a view finds again when one comes back to it or loads the page anew, for as long as its tab is open: whoever
 * follows a citation and goes back has the chat as it was. What is stored and is not what `is` tells is left out, as if it had
 * never been there.
 */
export function useKept<Value>(
  name: string,
  first: Value,
  is: (found: unknown) => found is Value,
): [Value, Dispatch<SetStateAction<Value>>] {
  const key = `lorag/chat/${useProject()}/${name}`;
  const [value, setValue] = useState<Value>(() => {
    const found = kept.has(key) ? kept.get(key) : readStored(key);
    return is(found) ? found : first;
  });
  useEffect(() => {
    if (Object.is(kept.get(key), value)) return;
    kept.set(key, value);
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Full, or not allowed: what was chatted lasts until the page is loaded anew.
    }
  }, [key, value]);
  return [value, setValue];
}

function readStored(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "");
  } catch {
    return undefined;
  }
}
