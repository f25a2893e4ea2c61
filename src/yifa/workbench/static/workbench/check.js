// The check-up page: files one after the other with their progress; from a finding to its place and back; filters.
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);

  function element(tag, css, text) {
    const made = document.createElement(tag);
    if (css) made.className = css;
    if (text) made.textContent = text;
    return made;
  }

  function size(bytes) {
    return bytes < 1024 * 1024 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1024 / 1024).toFixed(1) + " MB";
  }

  // ---- giving files

  const form = byId("check-form");
  if (form) giving();

  function giving() {
    const chosen = { files: [], others: [] };
    const lists = { files: byId("chosen"), others: byId("chosen-others") };
    const status = byId("progress");
    const go = byId("go");
    let running = false;

    form.querySelectorAll("[data-chosen]").forEach((one) => { one.hidden = true; });

    function rowOf(role, file) {
      const item = element("li");
      item.append(element("span", "name", file.name), element("span", "state", size(file.size)));
      item.firstChild.title = file.name;
      const remove = element("button", "", "✕");
      remove.type = "button";
      remove.setAttribute("aria-label", "不要" + file.name);
      remove.addEventListener("click", () => {
        if (running) return;
        chosen[role] = chosen[role].filter((one) => one.file !== file);
        item.remove();
        lists[role].hidden = !chosen[role].length;
        told();
      });
      item.append(remove);
      return item;
    }

    function add(role, files) {
      if (running) return;
      for (const file of files) {
        if (chosen[role].some((one) => one.file.name === file.name && one.file.size === file.size && one.file.lastModified === file.lastModified)) continue;
        const row = rowOf(role, file);
        chosen[role].push({ file, row });
        lists[role].append(row);
      }
      lists[role].hidden = !chosen[role].length;
      told();
    }

    function told() {
      const count = chosen.files.length;
      const bytes = [...chosen.files, ...chosen.others].reduce((sum, one) => sum + one.file.size, 0);
      const wrong = count + chosen.others.length > Number(form.dataset.most) ? `一次最多 ${form.dataset.most} 份，请分批。`
        : bytes > Number(form.dataset.megabytes) * 1024 * 1024 ? `合计 ${size(bytes)}，一次最多 ${form.dataset.megabytes} MB，请分批。` : "";
      status.textContent = wrong || (count ? `已选 ${count} 份，${size(bytes)}` : "");
      go.disabled = Boolean(wrong);
    }

    ["files", "others"].forEach((role) => {
      const input = byId(role);
      input.addEventListener("change", (event) => {
        event.stopPropagation();
        add(role, Array.from(input.files));
        input.value = "";
      });
    });

    // Folders dropped count as the files in them.
    function dropped(transfer) {
      const entries = Array.from(transfer.items || [], (item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
      if (!entries.some((entry) => entry.isDirectory)) return Promise.resolve(Array.from(transfer.files));
      const walk = (entry) => new Promise((resolve) => {
        if (entry.isFile) entry.file((file) => resolve([file]), () => resolve([]));
        else {
          const reader = entry.createReader();
          const found = [];
          const more = () => reader.readEntries((batch) => {
            if (!batch.length) Promise.all(found.map(walk)).then((lists) => resolve(lists.flat()));
            else { found.push(...batch); more(); }
          }, () => resolve([]));
          more();
        }
      });
      return Promise.all(entries.map(walk)).then((all) => all.flat().filter((file) => !file.name.startsWith(".")));
    }

    const zones = [byId("drop"), byId("drop-others")];
    const zoneOf = (event) => (zones[1].contains(event.target) ? zones[1] : zones[0]);
    const hasFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zones.forEach((zone) => zone.classList.toggle("over", zone === zoneOf(event)));
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) zones.forEach((zone) => zone.classList.remove("over"));
    });
    document.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zones.forEach((zone) => zone.classList.remove("over"));
      const role = zoneOf(event) === zones[1] ? "others" : "files";
      dropped(event.dataTransfer).then((files) => add(role, files));
    });

    function send(url, fields, moved) {
      return new Promise((resolve, reject) => {
        const body = new FormData();
        body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
        Object.entries(fields).forEach(([name, value]) => body.append(name, value));
        const request = new XMLHttpRequest();
        request.open("POST", url);
        request.responseType = "json";
        request.setRequestHeader("Accept", "application/json");
        if (moved) request.upload.addEventListener("progress", (event) => event.lengthComputable && moved(event.loaded / event.total));
        request.addEventListener("load", () => {
          const answer = request.response;
          if (request.status === 503 && answer) reject({ again: true, message: answer.error });
          else if (answer && (answer.checkup || answer.url)) resolve(answer);
          else reject({ message: (answer && answer.error) || "没有检查成，请刷新页面后重试。" });
        });
        request.addEventListener("error", () => reject({ message: "连不上服务器，请检查网络后再点一次“开始体检”，选好的文件还在。" }));
        request.send(body);
      });
    }

    async function patient(url, fields, moved) {
      for (let turn = 0; ; turn += 1) {
        try {
          return await send(url, fields, moved);
        } catch (error) {
          if (!error.again || turn === 5) throw error;
          status.textContent = "前面还有人在检查，正在排队……";
          await new Promise((resolve) => setTimeout(resolve, 2000 + 1500 * turn));
        }
      }
    }

    function state(one, css, text) {
      one.row.className = css;
      one.row.querySelector(".state").textContent = text;
    }

    async function run() {
      const text = byId("text").value;
      const queue = [...chosen.files.map((one) => ["files", one]), ...chosen.others.map((one) => ["others", one])];
      let checkup = "";
      for (const [place, [role, one]] of queue.entries()) {
        status.textContent = `正在读第 ${place + 1} / ${queue.length} 份……`;
        const bar = element("progress");
        bar.max = 1;
        one.row.append(bar);
        state(one, "", "正在上传");
        try {
          const answer = await patient(form.dataset.read, { checkup, role, file: one.file }, (share) => {
            bar.value = share;
            if (share === 1) state(one, "", "正在读");
          });
          checkup = answer.checkup;
          if (answer.error) state(one, "wrong", answer.error);
          else state(one, "done", `${answer.kind}，${answer.characters.toLocaleString()} 字，${answer.figures} 个数字`);
        } finally {
          bar.remove();
        }
      }
      if (text.trim()) checkup = (await patient(form.dataset.read, { checkup, text })).checkup;
      status.textContent = "正在逐条规则核对……";
      return (await patient(form.action.replace(/[^/]*$/, "") + checkup + "/finish/", {})).url;
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (running) return;
      if (!chosen.files.length && !byId("text").value.trim()) {
        status.textContent = "请选择文件，或粘贴要检查的文字。";
        byId("files").focus();
        return;
      }
      running = true;
      go.disabled = true;
      run().then((url) => window.location.assign(url), (error) => {
        status.textContent = error.message || "没有检查成，请刷新页面后重试。";
      }).finally(() => {
        running = false;
        go.disabled = false;
      });
    });
  }

  // ---- reading a result

  const result = byId("result");
  if (result) reading();

  function reading() {
    const findings = Array.from(document.querySelectorAll(".c-finding"));
    const marks = Array.from(document.querySelectorAll(".c-text mark"));
    const rank = { error: 0, warning: 1, notice: 2 };
    const gravest = ["error", "warning", "notice"];
    const marksOf = new Map();
    const marksAt = new Map();
    marks.forEach((mark) => {
      mark.dataset.f.split(" ").forEach((number) => push(marksOf, number, mark));
      mark.dataset.p.split(" ").forEach((place) => push(marksAt, place, mark));
    });
    let current = null;
    let place = 0;

    function push(map, key, value) {
      if (!map.has(key)) map.set(key, []);
      map.get(key).push(value);
    }

    const visible = () => findings.filter((one) => !one.hidden);
    const number = (finding) => finding.dataset.number;
    // The places of a finding in the order of the text, as "finding-place".
    const places = (finding) => {
      const own = number(finding) + "-";
      return [...new Set((marksOf.get(number(finding)) || []).flatMap((mark) => mark.dataset.p.split(" ").filter((one) => one.startsWith(own))))];
    };

    function select(finding) {
      if (current !== finding) place = -1;
      findings.forEach((one) => {
        one.classList.toggle("current", one === finding);
        one.tabIndex = one === finding ? 0 : -1;
      });
      marks.forEach((mark) => mark.classList.remove("on", "now"));
      (marksOf.get(number(finding)) || []).forEach((mark) => mark.classList.add("on"));
      current = finding;
    }

    function show(finding, wanted) {
      select(finding);
      const order = places(finding);
      const count = order.length;
      if (!count) return null;
      place = ((wanted % count) + count) % count;
      const here = marksAt.get(order[place]);
      marks.forEach((mark) => mark.classList.remove("now"));
      here.forEach((mark) => mark.classList.add("now"));
      here[0].scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
      const told = finding.querySelector(".c-at");
      if (told) told.textContent = `第 ${place + 1} / ${count} 处`;
      return here[0].querySelector("a");
    }

    function calm() {
      return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    }

    function reveal(finding, focus) {
      if (finding.hidden) return;
      select(finding);
      finding.scrollIntoView({ block: "nearest", behavior: "auto" });
      if (focus) finding.focus({ preventScroll: true });
    }

    document.querySelectorAll(".c-places .c-step").forEach((one) => { one.hidden = false; });

    result.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const finding = event.target.closest(".c-finding");
      if (link && link.closest("mark")) {
        const shown = link.closest("mark").dataset.f.split(" ").map((one) => byId("q" + one)).filter((one) => one && !one.hidden);
        if (!shown.length) return;
        event.preventDefault();
        const next = shown[(shown.indexOf(current) + 1) % shown.length];  // where findings overlap, each click shows the next
        reveal(next, true);
        if (window.innerWidth < 900) next.scrollIntoView({ block: "start" });
        return;
      }
      if (link && finding) {
        event.preventDefault();
        const target = show(finding, Math.max(0, places(finding).indexOf(link.getAttribute("href").slice(2))));
        if (target && event.detail === 0) target.focus({ preventScroll: true });  // by keyboard: go along
        return;
      }
      const step = event.target.closest("[data-step]");
      if (step && finding) {
        show(finding, (current === finding ? place : 0) + Number(step.dataset.step));
        return;
      }
      if (finding && !event.target.closest("summary, button, details[open]") && !String(window.getSelection())) show(finding, 0);
    });

    result.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const finding = event.target.closest(".c-finding");
      const mark = event.target.closest("mark");
      const shown = visible();
      const own = finding === event.target;
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && finding) {
        const next = shown[shown.indexOf(finding) + (event.key === "ArrowDown" ? 1 : -1)];
        if (next) reveal(next, true);
      } else if ((event.key === "Home" || event.key === "End") && own) {
        reveal(shown[event.key === "Home" ? 0 : shown.length - 1], true);
      } else if ((event.key === "Enter" || event.key === " ") && own) {
        const target = show(finding, 0);
        if (target) target.focus({ preventScroll: true });
      } else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && (own || (mark && current))) {
        const target = show(finding || current, (current ? place : -1) + (event.key === "ArrowRight" ? 1 : -1));
        if (target && mark) target.focus({ preventScroll: true });
      } else if (event.key === "Escape" && mark && current) {
        reveal(current, true);
      } else {
        return;
      }
      event.preventDefault();
    });

    const filter = byId("filter");
    function filtered() {
      const on = (name) => new Set(Array.from(filter.querySelectorAll(`[name=${name}]:checked`), (one) => one.value));
      const severities = on("severity");
      const rules = filter.querySelector("[name=rule]") ? on("rule") : null;
      const hidden = new Set();
      findings.forEach((one) => {
        one.hidden = !severities.has(one.dataset.severity) || (rules && !rules.has(one.dataset.rule));
        if (one.hidden) hidden.add(number(one));
      });
      marks.forEach((mark) => {
        const left = mark.dataset.f.split(" ").filter((one) => !hidden.has(one)).map((one) => byId("q" + one)).filter(Boolean);
        left.sort((one, two) => rank[one.dataset.severity] - rank[two.dataset.severity]);
        mark.classList.remove(...gravest);
        mark.classList.toggle("off", !left.length);
        if (left.length) mark.classList.add(left[0].dataset.severity);
        const link = mark.querySelector("a");
        link.tabIndex = left.length ? 0 : -1;
        if (left.length) link.setAttribute("href", "#" + left[0].id);
      });
      byId("none-left").hidden = visible().length > 0;
      const first = visible()[0];
      if (first && (!current || current.hidden)) findings.forEach((one) => { one.tabIndex = one === first ? 0 : -1; });
    }
    if (filter) {
      filter.addEventListener("change", filtered);
      filter.addEventListener("submit", (event) => event.preventDefault());
    }
    document.addEventListener("click", (event) => {
      const open = document.querySelector(".c-rules[open]");
      if (open && !open.contains(event.target)) open.open = false;
    });

    window.addEventListener("beforeprint", () => document.querySelectorAll(".c-places details").forEach((one) => {
      one.dataset.was = one.open ? "open" : "";
      one.open = true;
    }));
    window.addEventListener("afterprint", () => document.querySelectorAll(".c-places details").forEach((one) => { one.open = one.dataset.was === "open"; }));

    const back = document.querySelector(".c-back");
    if (findings.length) new IntersectionObserver((seen) => { back.hidden = seen[0].isIntersecting; }).observe(findings[0]);
    back.addEventListener("click", (event) => {
      if (!current) return;
      event.preventDefault();
      current.scrollIntoView({ block: "start" });
      current.focus({ preventScroll: true });
    });

    const look = byId("look");
    if (look && window.location.hash === "#look") look.scrollIntoView({ block: "center" });
  }

  // ---- tables

  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a") && !String(window.getSelection())) window.location.assign(row.dataset.href);
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });

  // Works on plain http too, where the clipboard interface is not offered.
  function copy(button) {
    const rows = byId(button.dataset.copy).querySelectorAll("tr");
    const area = element("textarea", "visually-hidden");
    area.value = Array.from(rows, (row) => Array.from(row.cells, (cell) => cell.innerText.trim().replace(/\s+/g, " ")).join("\t")).join("\n");
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    const said = button.parentElement.querySelector("[role=status]");
    if (said) said.textContent = done ? `已复制 ${rows.length - 1} 行，可粘贴到 Excel` : "浏览器不允许复制，请手工选取表格";
    button.focus();
  }
})();
