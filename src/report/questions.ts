import type { AnswerRecord, QuestionRecord, Results, TermReport } from "../contracts/index.ts";
import { milliseconds, percent } from "../text/index.ts";
import { listFinished } from "./charts/finished.ts";
import { markCode } from "./mark-code.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";

/** Every question with the gold, each arm's answer, what it cited, and the passages. Filters work where scripts run. */
export function writeQuestions(results: Results): Markup {
  const types = [...new Set(results.questions.flatMap(({ type }) => type ?? []))].sort();
  const arms = listFinished(results).map(({ arm }) => arm.name);
  const option = (value: string, text: string) => markup`<option value="${value}">${text}</option>`;
  return markup`<section aria-labelledby="questions">
    <h2 id="questions">Question by question</h2>
    <form class="filters" id="filters" hidden>
      <label
        >Type
        <select id="filter-type">
          ${option("", "all")} ${types.map((type) => option(type, type))}
        </select></label
      >
      <label>
        Answers
        <select id="filter-outcome">
          ${option("", "all")} ${option("split", "arms disagree")} ${option("none", "all arms wrong")}
          ${arms.map((arm) => [option(`right:${arm}`, `${arm} right`), option(`wrong:${arm}`, `${arm} wrong`)])}
        </select>
      </label>
      <label class="grow"
        >Search <input id="filter-text" type="search" placeholder="words in question or answers"
      /></label>
      <output id="filter-count" aria-live="polite"></output>
    </form>
    <div class="questions">${results.questions.map((question) => writeQuestion(question, results))}</div>
  </section>`;
}

function writeQuestion(question: QuestionRecord, results: Results): Markup {
  const arms = listFinished(results).map(({ arm, hue }) => ({
    name: arm.name,
    hue,
    answer: question.arms[arm.name]!,
  }));
  const right = arms.filter(({ answer }) => answer.scores.correct === 1).map(({ name }) => name);
  const asked = question.prompt.findLast((message) => message.role === "user")?.content ?? "";
  const earlier = question.prompt.filter((message) => message.role !== "system").slice(0, -1);
  return markup`<details class="question" data-type="${question.type ?? ""}" data-right="${right.join("\n")}">
    <summary>
      <span class="asked">${asked}</span>
      <span class="marks"> ${arms.map(({ name, hue, answer }) => writeMark(name, hue, answer))} </span>
    </summary>
    ${earlier.map(({ role, content }) => markup`<p class="earlier"><b>${role}</b> ${content}</p>`)}
    <div class="gold">
      <h4>
        Gold <small>${[question.id, ...(question.type === null ? [] : [question.type])].join(" · ")}</small>
      </h4>
      <p>${question.gold}</p>
      <p class="meta">Graded by ${question.grading.mode}: ${markCode(question.grading.why)}</p>
      ${
        question.goldDocuments === null || question.goldDocuments.length === 0
          ? null
          : markup`<p class="meta">${question.goldDocuments.join(", ")}</p>`
      }
    </div>
    <div class="answers">${arms.map(({ name, hue, answer }) => writeAnswer(name, hue, answer))}</div>
    ${writeFloors(question)} ${writePassages(question, results)}
  </details>`;
}

function writeMark(name: string, hue: number, answer: AnswerRecord): Markup {
  const right = answer.scores.correct === 1;
  const words = `${name}: ${right ? "right" : "wrong"}`;
  return markup`<span class="mark arm-${hue} ${right ? "right" : "wrong"}" title="${words}"
    ><span aria-hidden="true">${right ? "✓" : "✗"}</span><span class="hidden">${words}</span></span
  >`;
}

function writeAnswer(name: string, hue: number, answer: AnswerRecord): Markup {
  const right = answer.scores.correct === 1;
  const { usage, scores } = answer;
  return markup`<article class="answer arm-${hue}">
    <h4>
      <span class="arm-name">${name}</span>
      <span class="badge ${right ? "good" : "bad"}">${right ? "right" : "wrong"}</span>
      ${answer.abstained ? markup`<span class="badge plain">abstained</span>` : null}
    </h4>
    <p class="said">${answer.text === "" ? "(nothing)" : answer.text}</p>
    ${answer.withdrawn === undefined ? null : markup`<p class="meta">${answer.abstained ? "Withdrawn, as no passage shown bears it out" : "Cut, as no passage shown bears the rest out"}: ${answer.withdrawn}</p>`}
    ${answer.terms === undefined ? null : writeTerms(answer.terms)}
    ${
      answer.citations.length === 0
        ? null
        : markup`<ul class="citations">
            ${answer.citations.map(
              (citation) =>
                markup`<li class="${citation.correct ? "right" : "wrong"}">
                  [${citation.marker}] ${[citation.title, ...citation.headings].join(" › ")}:
                  ${citation.verdict}${citation.rightDocument === false ? ", not a gold document" : ""}
                </li>`,
            )}
          </ul>`
    }
    <p class="meta">${answer.why}</p>
    <p class="meta">
      F1 ${percent(scores.f1Normalised)} short, ${percent(scores.f1)} whole ·
      ${answer.alone ? `${milliseconds(answer.latencyMs)} · ` : ""}${usage.promptTokens} + ${usage.completionTokens} tokens
    </p>
  </article>`;
}

function writeFloors(question: QuestionRecord): Markup | null {
  const floors = Object.entries(question.floors);
  if (floors.length === 0) return null;
  return markup`<ul class="floors">
    ${floors.map(
      ([name, { text, scores }]) =>
        markup`<li>
          <b>${name}</b> ${text === "" ? "(nothing)" : text}
          <i>${scores.correct === 1 ? "right" : "wrong"}</i>
        </li>`,
    )}
  </ul>`;
}

function writePassages(question: QuestionRecord, { passages }: Results): Markup | null {
  const answers = Object.entries(question.arms);
  const shown = [...new Set(answers.flatMap(([, answer]) => answer.hits.map((hit) => hit.chunkId)))];
  if (shown.length === 0) return null;
  const citedBy = (chunkId: string) =>
    answers.filter(([, answer]) => answer.citations.some((citation) => citation.chunkId === chunkId));
  return markup`<h4 class="passages-head">Passages shown</h4>
    <ol class="passages">
      ${shown.map((chunkId) => {
        const passage = passages[chunkId];
        if (passage === undefined) return null;
        const isGold = question.goldDocuments?.includes(passage.documentId) === true;
        const names = citedBy(chunkId).map(([name]) => name);
        return markup`<li>
          <p class="meta">
            ${[passage.title, ...passage.headings].join(" › ")} · ${passage.documentId}
            ${isGold ? markup`<span class="badge good">gold document</span>` : null}
            ${names.length > 0 ? markup`<span class="badge plain">cited by ${names.join(", ")}</span>` : null}
          </p>
          <p>${passage.text}</p>
        </li>`;
      })}
    </ol>`;
}

/** What became of the glossary's terms in an answer. */
function writeTerms({ terms, missingFigures, retried }: TermReport): Markup {
  return markup`<table class="terms">
    <caption>${retried ? "Terms, asked for a second time" : "Terms"}</caption>
    <tr><th>Term</th><th>Wanted</th><th>Written</th><th>Honoured</th></tr>
    ${terms.map(
      ({ source, required, found, forbidden, honoured }) =>
        markup`<tr>
          <td>${source}</td><td>${required.join(" or ")}</td>
          <td>${[found ?? "", ...forbidden.map((form) => `${form} (forbidden)`)].filter(Boolean).join(", ")}</td>
          <td>${honoured ? "yes" : "no"}</td>
        </tr>`,
    )}
    ${missingFigures.length === 0 ? null : markup`<tr><td colspan="4">Figures left out: ${missingFigures.join(", ")}</td></tr>`}
  </table>`;
}
