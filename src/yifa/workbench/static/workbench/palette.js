// The keyboard: the command box (Ctrl+K), the list of keys (?), the search field (/), arrows among what was found.
(function () {
  "use strict";

  const SHOWN = 12;
  let known = null;  // what the server offers, asked for once a page
  let shown = [];
  let chosen = 0;

  function parts() {
    return {
      box: document.getElementById("palette"),
      input: document.getElementById("palette-words"),
      list: document.getElementById("palette-list"),
      note: document.getElementById("palette-note"),
    };
  }

  async function load(box) {
    if (known) return;
    const answer = await fetch(box.dataset.commands, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    known = await answer.json();
  }

  // Every word typed must stand in the line; lines that begin with the first come first.
  function matching(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = known.commands.filter((one) => {
      const line = (one.kind + one.title).toLowerCase();
      return words.every((word) => line.includes(word));
    });
    if (words.length) found.sort((a, b) => b.title.toLowerCase().startsWith(words[0]) - a.title.toLowerCase().startsWith(words[0]));
    const some = found.slice(0, SHOWN);
    if (words.length) some.push({ title: text.trim(), kind: "搜索", url: known.search + "?q=" + encodeURIComponent(text.trim()) });
    return some;
  }

  function choose(place) {
    const { input, list } = parts();
    chosen = shown.length ? (place + shown.length) % shown.length : 0;
    Array.from(list.children).forEach((line, at) => {
      line.setAttribute("aria-selected", at === chosen ? "true" : "false");
      if (at === chosen) {
        input.setAttribute("aria-activedescendant", line.id);
        line.scrollIntoView({ block: "nearest" });
      }
    });
  }

  function fill() {
    const { input, list, note } = parts();
    shown = matching(input.value);
    list.replaceChildren(...shown.map((one, at) => {
      const line = document.createElement("li");
      line.id = "palette-" + at;
      line.setAttribute("role", "option");
      const kind = document.createElement("span");
      kind.className = "y-note";
      kind.textContent = one.kind;
      line.append(kind, document.createTextNode(one.title));
      line.addEventListener("click", () => window.location.assign(one.url));
      return line;
    }));
    note.textContent = "共 " + shown.length + " 项，↑↓ 选择，回车前往，Esc 关闭";
    input.removeAttribute("aria-activedescendant");
    choose(0);
  }

  function openPalette() {
    const { box, input, note } = parts();
    if (!box || box.open) return;
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    input.value = "";
    box.showModal();
    input.focus();
    load(box).then(fill, () => { note.textContent = "命令没有取到，请检查网络，或者重新登录。"; });
  }

  function openKeys() {
    const keys = document.getElementById("keys");
    if (keys && !document.querySelector("dialog[open]")) keys.showModal();
  }

  function typing(element) {
    return element && (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable);
  }

  function search() {
    const field = document.querySelector("main input[type=search]");
    if (field) {
      field.focus();
      field.select();
      return true;
    }
    const link = document.querySelector('a[data-search]');
    if (link) link.click();
    return Boolean(link);
  }

  // From the search field down into what was found, and up again.
  function walk(event) {
    const field = document.querySelector("[data-leads-to]");
    const hits = field ? Array.from(document.querySelectorAll("#" + field.dataset.leadsTo + " [data-hit]")) : [];
    const here = hits.indexOf(document.activeElement);
    if (!hits.length || (here < 0 && document.activeElement !== field)) return;
    const next = here + (event.key === "ArrowDown" ? 1 : -1);
    if (next >= hits.length || (here < 0 && next < 0)) return;
    event.preventDefault();
    (next < 0 ? field : hits[next]).focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;  // an input method is choosing characters
    const { box, input } = parts();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
      return;
    }
    if (box && box.open) {
      if (event.target !== input) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && shown[chosen]) {
        event.preventDefault();
        window.location.assign(shown[chosen].url);
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
    if (typing(document.activeElement)) return;
    if (event.key === "/" && search()) event.preventDefault();
    if (event.key === "?" || event.key === "？") {
      event.preventDefault();
      openKeys();
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.id === "palette-words" && known && !event.isComposing) fill();
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.id === "palette-words" && known) fill();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-do=palette]")) openPalette();
    if (event.target.matches("dialog.y-palette")) event.target.close();  // beside the box
  });
})();
