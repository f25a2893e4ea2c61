// Ticking rows of a list: a whole page, a stretch with Shift, all that the filters leave; how many are ticked.
(function () {
  "use strict";

  let last = null;
  const nothing = (document.getElementById("chosen-count") || {}).textContent;

  function boxes() {
    return Array.from(document.querySelectorAll('input[type=checkbox][form="chosen"]'));
  }

  function tell() {
    const form = document.getElementById("chosen");
    if (!form) return;
    const all = boxes();
    const many = all.filter((box) => box.checked).length;
    const all_ = form.querySelector("[data-choose-filter]");
    const everything = Boolean(all_ && all_.checked);
    const head = document.querySelector("[data-choose-all]");
    if (head) {
      head.checked = all.length > 0 && many === all.length;
      head.indeterminate = many > 0 && many < all.length;
    }
    form.querySelectorAll("button[name=do]").forEach((button) => { button.disabled = !many && !everything; });
    form.classList.toggle("some", many > 0 || everything);
    document.getElementById("chosen-count").textContent = everything ? "已选本条件下全部"
      : many ? `已选 ${many} ${form.dataset.unit || "件"}` : nothing;
  }

  document.addEventListener("click", (event) => {
    const box = event.target;
    if (box.matches("[data-choose-all]")) {
      boxes().forEach((one) => { one.checked = box.checked; });
    } else if (box.matches("[data-choose-filter]")) {
      last = null;
    } else if (box.matches('input[type=checkbox][form="chosen"]')) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      if (event.shiftKey && from >= 0) {
        all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
      }
      last = box;
    } else {
      return;
    }
    tell();
  });

  // The list was drawn anew: its filters are those of the address.
  document.addEventListener("htmx:afterSettle", () => {
    const form = document.getElementById("chosen");
    if (!form) return;
    last = null;
    const filter = form.querySelector("[data-filter]");
    if (filter) filter.value = window.location.search.slice(1);
    tell();
  });
  document.addEventListener("DOMContentLoaded", tell);
  window.addEventListener("pageshow", tell);
})();
