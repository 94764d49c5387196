import type { Message } from "../../contracts/index.ts";
import type { ChatTemplate } from "../../formats/index.ts";

const marks = { system: "\u241ESYSTEM\u241E", user: "\u241EUSER\u241E", assistant: "\u241EANSWER\u241E" };
type Role = keyof typeof marks;

/** What a chat template writes around the messages of a chat. */
interface Turns {
  /** Before the first message, where there is no system message. */
  opening: string;
  around: Record<Role, [before: string, after: string]>;
  prompt: string;
}

/**
 * A chat template in Go, as a Modelfile of Ollama has it (https://docs.ollama.com/modelfile), for one that writes each
 * message between two texts that hang on its role alone; undefined for any other. Found by what the template makes of
 * marked messages, and believed only when a longer chat comes out the same.
 */
export function ollamaTemplate(template: ChatTemplate): string | undefined {
  const turns = findTurns(template);
  if (!turns || !isExact(template, turns)) return undefined;
  const { around, opening, prompt } = turns;
  const branch = (role: Role, first: boolean): string =>
    `{{- ${first ? "if" : "else if"} eq .Role "${role}" }}${goText(around[role][0])}{{ .Content }}${goText(around[role][1])}\n`;
  const start = opening === "" ? "" : `{{- if not .System }}${goText(opening)}{{ end }}\n`;
  return (
    `${start}{{- range .Messages }}\n${branch("system", true)}${branch("user", false)}${branch("assistant", false)}` +
    `{{- end }}\n{{- end }}${goText(prompt)}`
  );
}

/** As a Go string, so that no white space at the edges is trimmed. */
const goText = (text: string): string => (text === "" ? "" : `{{ ${JSON.stringify(text)} }}`);

function findTurns(template: ChatTemplate): Turns | undefined {
  const write = (roles: Role[], prompt = false): string | undefined => {
    try {
      return template.render(
        roles.map((role) => ({ role, content: marks[role] })),
        { prompt },
      );
    } catch {
      return undefined;
    }
  };
  const full = write(["system", "user", "assistant", "user", "assistant"]);
  const asked = write(["system", "user"], true);
  const bare = write(["user"]);
  const told = write(["system", "user"]);
  if (full === undefined || asked === undefined || bare === undefined || told === undefined) return undefined;
  const cut = full.split(/\u241E(?:SYSTEM|USER|ANSWER)\u241E/);
  if (cut.length !== 6 || told.split(marks.user).length !== 2) return undefined;
  const [first, afterSystem, afterUser, afterAnswer] = cut as [string, string, string, string];
  const userAfter = told.split(marks.user)[1]!;
  const answerAfter = cut[5]!;
  if (!afterUser.startsWith(userAfter) || !afterAnswer.startsWith(answerAfter)) return undefined;
  const userBefore = afterAnswer.slice(answerAfter.length);
  if (!afterSystem.endsWith(userBefore) || !bare.includes(userBefore + marks.user)) return undefined;
  return {
    opening: bare.slice(0, bare.indexOf(userBefore + marks.user)),
    around: {
      system: [first, afterSystem.slice(0, afterSystem.length - userBefore.length)],
      user: [userBefore, userAfter],
      assistant: [afterUser.slice(userAfter.length), answerAfter],
    },
    prompt: asked.slice(told.length),
  };
}

function isExact(template: ChatTemplate, turns: Turns): boolean {
  const chat: Message[] = [
    { role: "user", content: "One?" },
    { role: "assistant", content: "Two." },
    { role: "user", content: "Three?\nFour?" },
  ];
  return [chat, [{ role: "system", content: "Be brief." } as Message, ...chat]].every((messages) => {
    const hasSystem = messages[0]!.role === "system";
    const turn = ({ role, content }: Message): string => turns.around[role as Role].join(content);
    // Strings, not patterns: the content goes between the two texts.
    const written = (hasSystem ? "" : turns.opening) + messages.map(turn).join("") + turns.prompt;
    return template.render(messages, { prompt: true }) === written;
  });
}
