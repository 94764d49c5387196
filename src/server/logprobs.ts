import type { Generation } from "../contracts/index.ts";

/** As chats give them (https://platform.openai.com/docs/api-reference/chat/object); null where none were asked for. */
export function chatLogprobs(logprobs: Generation["logprobs"]): object | null {
  if (!logprobs) return null;
  const tell = ({ token, logprob }: { token: string; logprob: number }) => ({
    token,
    logprob,
    // Half a character is told as U+FFFD, which is not its bytes.
    bytes: token.includes("\uFFFD") ? null : [...Buffer.from(token, "utf8")],
  });
  return {
    content: logprobs.map(({ top, ...own }) => ({ ...tell(own), top_logprobs: top.map(tell) })),
    refusal: null,
  };
}

/** As completions give them. */
export function completionLogprobs(logprobs: Generation["logprobs"]): object | null {
  if (!logprobs) return null;
  let offset = 0;
  return {
    tokens: logprobs.map(({ token }) => token),
    token_logprobs: logprobs.map(({ logprob }) => logprob),
    top_logprobs: logprobs.map(({ top }) =>
      Object.fromEntries(top.map(({ token, logprob }) => [token, logprob])),
    ),
    text_offset: logprobs.map(({ token }) => (offset += token.length) - token.length),
  };
}
