import type { Filter } from "../../contracts/index.ts";

/** The condition as LanceDB reads it (SQL of DataFusion). */
export function filterSql(filter: Filter): string {
  if ("not" in filter) return `NOT (${filterSql(filter.not)})`;
  if ("all" in filter) return joined(filter.all, "AND", "true");
  if ("any" in filter) return joined(filter.any, "OR", "false");
  if ("startsWith" in filter) return `starts_with(${filter.field}, ${literal(filter.startsWith)})`;
  if (filter.in.length === 0) return "false";
  return `${filter.field} IN (${filter.in.map(literal).join(", ")})`;
}

function joined(filters: Filter[], operator: "AND" | "OR", none: string): string {
  return filters.length === 0
    ? none
    : filters.map((filter) => `(${filterSql(filter)})`).join(` ${operator} `);
}

/** A quote inside is doubled, which is all that SQL's string literals need. */
const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;
