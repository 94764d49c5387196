import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState, useSyncExternalStore, type ReactNode } from "react";

const print = matchMedia("print");

function onPrint(changed: () => void): () => void {
  print.addEventListener("change", changed);
  return () => print.removeEventListener("change", changed);
}

/**
 * A list of any length of which only the part in view is in the page; on paper, all of it. `height` is what a row usually
 * takes.
 */
export function VirtualRows<Row>({
  label,
  rows,
  keyOf,
  height,
  render,
}: {
  label: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  height: number;
  render: (row: Row, index: number) => ReactNode;
}) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // What stands above may grow: at each drawing, the list is where it is then.
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0));
  const isPrinting = useSyncExternalStore(onPrint, () => print.matches);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => keyOf(rows[index]!),
  });
  if (isPrinting)
    return (
      <ul ref={list} className="virtual" aria-label={label}>
        {rows.map((row, index) => (
          <li key={keyOf(row)}>{render(row, index)}</li>
        ))}
      </ul>
    );
  return (
    <ul ref={list} className="virtual" aria-label={label} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => (
        <li
          key={item.key}
          ref={virtual.measureElement}
          data-index={item.index}
          aria-setsize={rows.length}
          aria-posinset={item.index + 1}
          style={{ transform: `translateY(${item.start - top}px)` }}
        >
          {render(rows[item.index]!, item.index)}
        </li>
      ))}
    </ul>
  );
}
