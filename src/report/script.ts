/** The report's only script: it shows the filters and hides the questions that do not pass. The page works without it. */
export const filterScript = `
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("filters");
  const [type, outcome, text, count] = ["type", "outcome", "text", "count"].map((name) => byId("filter-" + name));
  const questions = [...document.querySelectorAll(".question")].map((element) => ({
    element,
    type: element.dataset.type,
    right: element.dataset.right === "" ? [] : element.dataset.right.split("\\n"),
    arms: element.querySelectorAll(".mark").length,
    text: element.textContent.toLowerCase(),
  }));
  const passes = (question) => {
    const [kind, arm] = outcome.value.split(/:(.*)/s);
    const right = question.right.length;
    if (type.value !== "" && question.type !== type.value) return false;
    if (kind === "split" && (right === 0 || right === question.arms)) return false;
    if (kind === "none" && right > 0) return false;
    if (kind === "right" && !question.right.includes(arm)) return false;
    if (kind === "wrong" && question.right.includes(arm)) return false;
    return question.text.includes(text.value.trim().toLowerCase());
  };
  const update = () => {
    let shown = 0;
    for (const question of questions) {
      question.element.hidden = !passes(question);
      if (!question.element.hidden) shown++;
    }
    count.textContent = shown + " of " + questions.length;
  };
  form.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  update();
})();
`;
