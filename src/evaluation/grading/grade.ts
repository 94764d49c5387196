/** Whether an answer is right, and why. */
export interface Grade {
  right: boolean;
  /** One sentence. */
  why: string;
  /** What was looked at on the way, in order. */
  steps: string[];
  /** The answer holds the gold, and denies it or names another beside it. */
  contradicts?: boolean;
}
