import { useEffect, useRef, useState } from "react";

/** A value that changes often, taken over no more than once in `everyMs`, and the last one always. */
export function useSettled<Value>(value: Value, everyMs: number): Value {
  const [taken, setTaken] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, everyMs - (Date.now() - last.current));
    const timer = setTimeout(() => {
      last.current = Date.now();
      setTaken(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, everyMs]);
  return taken;
}
