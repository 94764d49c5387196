import { useEffect, useRef, useState, type PointerEvent } from "react";

/** Time for the mouse to cross the gap between a mark and what it opened, in milliseconds. */
const graceMs = 200;

/** What opens while the mouse rests on it and, once clicked, stays. A finger only clicks: it cannot rest. */
export function usePeek() {
  const [state, setState] = useState<"closed" | "peeked" | "kept">("closed");
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(leaving.current), []);
  return {
    isOpen: state !== "closed",
    hover: {
      onPointerEnter: ({ pointerType }: PointerEvent) => {
        clearTimeout(leaving.current);
        if (pointerType === "mouse") setState((now) => (now === "closed" ? "peeked" : now));
      },
      onPointerLeave: () => {
        leaving.current = setTimeout(() => setState((now) => (now === "peeked" ? "closed" : now)), graceMs);
      },
    },
    toggle: () => setState((now) => (now === "kept" ? "closed" : "kept")),
    close: () => setState("closed"),
  };
}
