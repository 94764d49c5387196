import type { AdapterWork, ServedAnswer } from "../../contracts/index.ts";

/** Counts what each adapter of a folder answered, so that a version can be held against the one before it. */
export interface AdapterTally {
  count(id: string, work: () => Promise<ServedAnswer>): Promise<ServedAnswer>;
  of(id: string): AdapterWork;
}

export function createAdapterTally(): AdapterTally {
  const works = new Map<string, AdapterWork>();
  const of = (id: string): AdapterWork =>
    works.get(id) ?? { answers: 0, failed: 0, completionTokens: 0, ms: 0 };
  return {
    of,
    async count(id, work) {
      const began = performance.now();
      const add = (more: Partial<AdapterWork>): void => {
        const { answers = 0, failed = 0, completionTokens = 0, ms = 0 } = more;
        const now = of(id);
        works.set(id, {
          answers: now.answers + answers,
          failed: now.failed + failed,
          completionTokens: now.completionTokens + completionTokens,
          ms: now.ms + ms,
        });
      };
      try {
        const answer = await work();
        const { completionTokens } = answer.usage;
        add({ answers: 1, completionTokens, ms: performance.now() - began });
        return answer;
      } catch (error) {
        add({ failed: 1 });
        throw error;
      }
    },
  };
}
