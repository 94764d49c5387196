import { useEffect, useState, type Dispatch, type SetStateAction } from "react";
import { useProject } from "../../api/use-project.ts";

const kept = new Map<string, unknown>();

/**
 * State that a view finds again when one comes back to it, for as long as the page is open: whoever follows a citation and
 * goes back has the chat as it was.
 */
export function useKept<Value>(name: string, first: Value): [Value, Dispatch<SetStateAction<Value>>] {
  const key = `${useProject()}/${name}`;
  const [value, setValue] = useState<Value>(kept.has(key) ? (kept.get(key) as Value) : first);
  useEffect(() => {
    kept.set(key, value);
  }, [key, value]);
  return [value, setValue];
}
