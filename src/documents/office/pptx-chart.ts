import type { Table } from "../text/table.ts";
import { child, descendants, textOf, type XmlNode } from "../text/read-xml.ts";

/** What a chart shows, as a table: a row for each category, a column for each series. */
export function readChart(chart: XmlNode): Table {
  const titles = [...descendants(child(child(chart, "chart"), "title"), "t")].map(textOf).join("");
  const series = [...descendants(chart, "ser")].map((node) => ({
    name: points(child(node, "tx")).get(0) ?? textOf(child(child(node, "tx"), "v")),
    categories: points(child(node, "cat") ?? child(node, "xVal")),
    values: points(child(node, "val") ?? child(node, "yVal")),
  }));
  const categories = new Map(series.toReversed().flatMap(({ categories }) => [...categories]));
  const places = [
    ...new Set([...categories.keys(), ...series.flatMap(({ values }) => [...values.keys()])]),
  ].sort((a, b) => a - b);
  const rows = places.map((at) => [
    categories.get(at) ?? "",
    ...series.map(({ values }) => values.get(at) ?? ""),
  ]);
  return { caption: titles, rows: [["", ...series.map(({ name }) => name)], ...rows], headRows: 1 };
}

/** The values that the file keeps beside a reference to a sheet, by their place. */
function points(node: XmlNode | undefined): Map<number, string> {
  return new Map(
    [...descendants(node, "pt")].map((point) => [
      Number(point.attributes["idx"] ?? 0),
      textOf(child(point, "v")),
    ]),
  );
}
