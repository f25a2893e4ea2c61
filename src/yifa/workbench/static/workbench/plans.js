// Plans: arrow keys between the cells of the matrix; sentences and tasks that belong together light up together.
(function () {
  "use strict";

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  function cells() {
    return Array.from(document.querySelectorAll(".y-matrix tbody tr"), (row) => Array.from(row.querySelectorAll("button.y-mark")))
      .filter((row) => row.length);
  }

  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const button = event.target.closest && event.target.closest("button.y-mark");
    if (!step || !button) return;
    const rows = cells();
    const row = rows.findIndex((one) => one.includes(button));
    const next = rows[row + step[0]] && rows[row + step[0]][rows[row].indexOf(button) + step[1]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  // data-tasks on a sentence and data-task on a task hold the same keys.
  function light(keys, scroll, from) {
    document.querySelectorAll(".y-lit").forEach((one) => one.classList.remove("y-lit"));
    let first = null;
    document.querySelectorAll("[data-tasks]").forEach((one) => {
      if (!one.dataset.tasks.split(" ").some((key) => key && keys.includes(key))) return;
      one.classList.add("y-lit");
      if (!one.contains(from) && !first) first = one;
    });
    if (scroll && first) first.scrollIntoView({ block: "nearest" });
  }

  function chosen(event) {
    const one = event.target.closest && event.target.closest("[data-tasks]");
    if (!one) return null;
    return { one: one, keys: one.dataset.tasks.split(" ").filter(Boolean) };
  }

  document.addEventListener("click", (event) => {
    const found = chosen(event);
    if (!found || event.target.closest("a[href^='/'], button, summary, input, select")) return;
    light(found.keys, true, found.one);
  });
  document.addEventListener("focusin", (event) => {
    const found = chosen(event);
    if (found) light(found.keys, true, found.one);
  });
})();
