/** Whether a question's marks are what a filter asks for: `split`, `none`, `every`, `right:ARM`, `wrong:ARM`. */
export function passesOutcome(right: Record<string, boolean>, outcome: string): boolean {
  const marks = Object.values(right);
  const [kind, arm = ""] = outcome.split(/:(.*)/s);
  if (kind === "split") return marks.includes(true) && marks.includes(false);
  if (kind === "none") return !marks.includes(true);
  if (kind === "every") return !marks.includes(false);
  if (kind === "right") return right[arm] === true;
  if (kind === "wrong") return right[arm] === false;
  return true;
}
