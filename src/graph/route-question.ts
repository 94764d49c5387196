import type { Seed } from "./find-seeds.ts";

/** How a question is searched: `local` from the entities that it names, `global` over the whole corpus, `plain` without the graph. */
export type Route = "local" | "global" | "plain";

/** What asks for the whole of a corpus, in the languages that this knows: English, German, French, Spanish. */
const wholes = [
  /\b(?:themes?|topics|overall|overview|summari[sz]e|summary|in general|across (?:all|the)|trends?|patterns)\b/iu,
  /\bwhat (?:is|are) (?:this|these|the) (?:corpus|documents?|collection|texts?|book|story|novel)\b/iu,
  /\b(?:Themen|Überblick|Zusammenfassung|zusammenfassen|insgesamt)\b/iu,
  /(?:thèmes?\b|\bvue d['’]ensemble\b|résum(?:é|er|ez)|\bdans l['’]ensemble\b)/iu,
  /\b(?:temas|resumen|resume|en general|panorama)\b/iu,
];

/** A question that asks for the whole and names next to nothing in it is global; of the others, one that names something is local. */
export function routeQuestion(question: string, seeds: readonly Seed[]): Route {
  const named = seeds.filter(({ score }) => score === 1).length;
  if (named < 2 && wholes.some((whole) => whole.test(question))) return "global";
  return seeds.length > 0 ? "local" : "plain";
}
