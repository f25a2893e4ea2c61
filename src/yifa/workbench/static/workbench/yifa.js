// What the pages need beyond htmx: theme, charts, places in a text, dropped files, errors of live requests.
(function () {
  "use strict";

  const root = document.documentElement;
  const stored = localStorage.getItem("yifa-theme");
  if (stored) root.setAttribute("data-bs-theme", stored);

  function colour(name) {
    return getComputedStyle(root).getPropertyValue(name).trim();
  }

  // A chart is <div class="y-chart" data-chart="id"> beside <script type="application/json" id="id">.
  function option(spec) {
    const text = colour("--tblr-body-color");
    const line = colour("--tblr-border-color");
    const palette = ["--tblr-primary", "--tblr-warning", "--tblr-success", "--tblr-danger", "--tblr-secondary"].map(colour);
    const font = { color: text, fontFamily: getComputedStyle(document.body).fontFamily };
    const base = {
      color: palette, textStyle: font, animation: false,
      tooltip: { renderMode: "richText", trigger: spec.kind === "pie" ? "item" : "axis", confine: true },
    };
    if (spec.kind === "pie") {
      return Object.assign(base, { series: [{ type: "pie", radius: ["45%", "75%"], data: spec.items, label: { color: text } }] });
    }
    const category = { type: "category", data: spec.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
      axisLabel: { color: text, interval: spec.flat ? 0 : "auto" }, inverse: Boolean(spec.flat) };
    const value = { type: "value", minInterval: 1, splitLine: { lineStyle: { color: line } }, axisLabel: { color: text } };
    if (spec.small) {
      category.show = false; value.show = false;
    }
    return Object.assign(base, {
      grid: spec.small ? { left: 0, right: 0, top: 4, bottom: 0 } : { left: 8, right: 24, top: spec.series.length > 1 ? 32 : 12, bottom: 4, containLabel: true },
      legend: spec.series.length > 1 ? { top: 0, textStyle: font, icon: "roundRect", itemHeight: 10 } : undefined,
      xAxis: spec.flat ? value : category,
      yAxis: spec.flat ? category : value,
      series: spec.series.map((one) => ({
        type: spec.kind, name: one.name, data: one.values, itemStyle: one.colour ? { color: colour("--tblr-" + one.colour) } : undefined, stack: spec.stacked ? "all" : undefined, barMaxWidth: 22,
        showSymbol: false, areaStyle: spec.small && spec.kind === "line" ? { opacity: 0.15 } : undefined,
      })),
    });
  }

  function draw(scope) {
    if (!window.echarts) return;
    scope.querySelectorAll("[data-chart]").forEach((element) => {
      const source = document.getElementById(element.dataset.chart);
      if (!source || element.dataset.drawn) return;
      const spec = JSON.parse(source.textContent);
      const chart = window.echarts.init(element, null, { renderer: "svg" });
      chart.setOption(option(spec));
      chart.on("click", (event) => {
        const own = spec.series[event.seriesIndex].urls;
        const url = (own.length ? own : spec.urls)[event.dataIndex];
        if (url) window.location.assign(url);
      });
      element.dataset.drawn = "yes";
      window.addEventListener("resize", () => chart.resize());
    });
  }

  // The theme of the page, and its charts drawn anew in it.
  function wear(theme) {
    root.setAttribute("data-bs-theme", theme);
    document.querySelectorAll("[data-chart]").forEach((element) => {
      const chart = window.echarts && window.echarts.getInstanceByDom(element);
      if (chart) chart.dispose();
      delete element.dataset.drawn;
    });
    draw(document);
  }

  // Paper is white: a dark page is printed light.
  window.addEventListener("beforeprint", () => {
    if (root.getAttribute("data-bs-theme") !== "dark") return;
    wear("light");
    window.addEventListener("afterprint", () => wear("dark"), { once: true });
  });

  function notice(message, kind) {
    const place = document.getElementById("notices");
    if (!place) return;
    const box = document.createElement("div");
    box.className = "alert alert-" + (kind || "danger");
    box.setAttribute("role", "alert");
    box.textContent = message;
    place.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  }

  function openTarget() {
    const target = window.location.hash ? document.getElementById(decodeURIComponent(window.location.hash.slice(1))) : null;
    const details = target && target.closest("details");
    if (details) details.open = true;
  }

  document.addEventListener("DOMContentLoaded", () => {
    draw(document);
    openTarget();
    const failed = document.querySelector(".is-invalid, .alert-danger");
    if (failed) failed.scrollIntoView({ block: "center" });
  });
  window.addEventListener("hashchange", openTarget);

  document.addEventListener("htmx:afterSettle", (event) => draw(event.target));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status === 422 || status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    notice(event.detail.xhr.status === 403 ? "您没有办理这一步的权限，请与法治办联系。" : "这一步没有完成，请刷新页面后重试；已录入的内容没有丢失。");
  });
  document.addEventListener("htmx:sendError", () => notice("连不上服务器，请检查网络后重试。"));

  document.addEventListener("click", (event) => {
    const follower = event.target.closest("a[data-follows-list]");
    if (follower) {  // live filters change the address, not this link
      const own = new URL(follower.href).searchParams;
      const address = new URL(follower.href);  // its own place, which may be another page than the list
      address.search = window.location.search;
      address.searchParams.delete("page");
      for (const name of ["format", "layout", "type"]) {
        if (own.has(name)) address.searchParams.set(name, own.get(name));
        else if (name !== "type") address.searchParams.delete(name);
      }
      follower.href = address.href;
    }
    const asks = event.target.closest("[data-confirm]");
    if (asks && !window.confirm(asks.dataset.confirm)) {
      event.preventDefault();
      return;
    }
    if (event.target.matches("[data-tick-group]")) {
      const rows = event.target.closest("table").querySelectorAll("tbody input[type=checkbox]");
      rows.forEach((box) => { box.checked = event.target.checked; });
    }
    const insert = event.target.closest("[data-insert]");
    const text = insert && document.getElementById(insert.dataset.into);
    if (text) {
      text.setRangeText(insert.dataset.insert, text.selectionStart, text.selectionEnd, "end");
      text.focus();
    }
    const button = event.target.closest("[data-do]");
    if (!button) return;
    if (button.dataset.do === "theme") {
      const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      localStorage.setItem("yifa-theme", next);
      wear(next);
    } else if (button.dataset.do === "print") {
      window.print();
    } else if (button.dataset.do === "close") {
      const place = document.getElementById(button.dataset.what);
      if (place) place.replaceChildren();
    }
  });

  // What is kept of a list is what its address says now, live filters included.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-keeps-query]")) form.elements.query.value = window.location.search;
  }, true);

  // A form is sent only when the server answers: an error page of the browser would take what was typed with it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const known = document.querySelector("link[rel=icon]");
    if (event.defaultPrevented || form.method !== "post" || !known || form.dataset.sure || !document.getElementById("notices")) return;
    event.preventDefault();
    if (form.dataset.asking) return;
    form.dataset.asking = "yes";
    let pause = 0;  // a second click while the answer is on its way would do the same once more
    fetch(known.href, { method: "HEAD", cache: "no-store" }).then(() => {
      form.dataset.sure = "yes";
      form.requestSubmit(event.submitter);
      pause = 5000;
    }, () => notice("连不上服务器，这一步没有办成。填写的内容还在，请检查网络后再点一次。")).finally(() => {
      window.setTimeout(() => delete form.dataset.asking, pause);
      delete form.dataset.sure;
    });
  });

  // What was typed has been searched for already: leaving the field must not draw the list anew and lose the place in it.
  document.addEventListener("change", (event) => {
    if (event.target.matches("form[hx-get] input[type=search]")) event.stopPropagation();
  }, true);

  // More than the server takes is not sent at all: as MOST in serving/uploads.py.
  const most = 210 * 1024 * 1024;
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type === "file") {
      const given = Array.from(input.files).reduce((sum, file) => sum + file.size, 0);
      if (given > most) {
        notice(`选的文件共有 ${Math.ceil(given / 1048576)} MB，超过一次能上传的 ${most / 1048576} MB，没有选上。请分成几份上传。`);
        input.value = "";
      }
    }
    const place = input.type === "file" && document.querySelector(`[data-chosen="${input.id}"]`);
    if (place) place.textContent = Array.from(input.files, (file) => file.name).join("、") || "未选择";
  });

  // Files dropped on a marked place go into its file input; the input still works by itself.
  document.addEventListener("dragover", (event) => {
    const place = event.target.closest(".y-drop");
    if (!place) return;
    event.preventDefault();
    place.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    const place = event.target.closest(".y-drop");
    if (place) place.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const place = event.target.closest(".y-drop");
    const input = place && place.querySelector("input[type=file]");
    if (!input) return;
    event.preventDefault();
    place.classList.remove("over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
