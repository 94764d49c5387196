import { LoragError, greedy, type Sampling } from "../contracts/index.ts";

/** What each key takes; the rest would spoil the steps of the requests that share them. */
const rules: { [Key in keyof Sampling]: { takes: string; test: (value: Sampling[Key]) => boolean } } = {
  maxTokens: { takes: "a whole number from 1", test: (value) => Number.isSafeInteger(value) && value >= 1 },
  temperature: { takes: "a number from 0", test: (value) => Number.isFinite(value) && value >= 0 },
  topP: { takes: "a number above 0, up to 1", test: (value) => value > 0 && value <= 1 },
  topK: { takes: "a whole number from 0", test: (value) => Number.isSafeInteger(value) && value >= 0 },
  repetitionPenalty: { takes: "a number above 0", test: (value) => Number.isFinite(value) && value > 0 },
  stop: {
    takes: "a list of strings",
    test: (value) => Array.isArray(value) && value.every((stop) => typeof stop === "string"),
  },
  seed: { takes: "a whole number", test: (value) => Number.isSafeInteger(value) },
};

/** The sampling with its defaults, plain greedy, for what is absent or undefined. Throws LORAG_SAMPLING. */
export function checkSampling(sampling: Partial<Sampling> = {}): Sampling {
  const given = Object.entries(sampling).filter(([, value]) => value !== undefined);
  const whole = { ...greedy, ...Object.fromEntries(given) } as Sampling;
  for (const key of Object.keys(rules) as (keyof Sampling)[]) checkOne(key, whole);
  return whole;
}

function checkOne<Key extends keyof Sampling>(key: Key, sampling: Sampling): void {
  const { takes, test } = rules[key];
  const value: unknown = sampling[key];
  // Comparisons would take "1" for a number.
  if (typeof value === typeof greedy[key] && test(sampling[key])) return;
  throw new LoragError({
    code: "LORAG_SAMPLING",
    kind: "usage",
    message: `${key} is ${typeof value === "number" ? value : JSON.stringify(value)}; it takes ${takes}`,
    next: `Correct it, or leave it out: it is then ${JSON.stringify(greedy[key])}.`,
  });
}
