// Evidence on forms: files chosen, dropped, pasted or photographed gather in one list, where they are named and ordered.
(function () {
  "use strict";

  const LIMIT = 100 * 1024 * 1024;
  const PICTURE = /^image\/(png|jpeg|gif|webp|bmp)$/;
  const form = document.querySelector("[data-evidence]");
  if (!form) return;
  const input = form.querySelector("#papers");
  const photo = form.querySelector("#photo");
  const place = form.querySelector("[data-chosen-papers]");
  const wrong = form.querySelector("[data-too-large]");
  let held = [];  // {file, name}

  function size(bytes) {
    return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  }

  function button(word, label, act) {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "btn btn-sm btn-ghost-secondary";
    one.textContent = word;
    one.setAttribute("aria-label", label);
    one.addEventListener("click", act);
    return one;
  }

  function thumb(file) {
    const canvas = document.createElement("canvas");
    canvas.className = "y-thumb";
    createImageBitmap(file).then((picture) => {
      const scale = Math.min(1, 96 / Math.max(picture.width, picture.height));
      canvas.width = Math.max(1, picture.width * scale);
      canvas.height = Math.max(1, picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    }, () => canvas.remove());
    return canvas;
  }

  function line(one, index) {
    const item = document.createElement("li");
    if (PICTURE.test(one.file.type)) item.append(thumb(one.file));
    const name = document.createElement("input");
    name.className = "form-control form-control-sm";
    name.name = "papers_name";
    name.maxLength = 100;
    name.value = one.name;
    name.setAttribute("aria-label", "材料名称");
    name.addEventListener("input", () => { one.name = name.value; });
    const note = document.createElement("span");
    note.className = "y-note";
    note.textContent = size(one.file.size);
    item.append(name, note);
    if (index) item.append(button("上移", `上移：${one.name}`, () => { held.splice(index - 1, 0, held.splice(index, 1)[0]); show(); }));
    item.append(button("去掉", `去掉：${one.name}`, () => { held.splice(index, 1); show(); }));
    return item;
  }

  function show() {
    const files = new DataTransfer();
    held.forEach((one) => files.items.add(one.file));
    input.files = files.files;
    place.replaceChildren(...held.map(line));
    const chosen = document.querySelector('[data-chosen="papers"]');
    if (chosen) chosen.textContent = held.length ? `已选 ${held.length} 个文件` : "未选择";
  }

  function refused(files) {
    const reasons = files.flatMap((file) => file.size > LIMIT ? [`“${file.name}”有 ${size(file.size)}，超过 100 MB`]
      : file.size === 0 ? [`“${file.name}”是空文件`] : []);
    wrong.textContent = reasons.length ? `${reasons.join("；")}，没有选入。` : "";
    wrong.classList.toggle("d-block", reasons.length > 0);
    return (file) => file.size > 0 && file.size <= LIMIT;
  }

  function add(files) {
    const all = Array.from(files);
    all.filter(refused(all)).forEach((file) => {
      const twice = held.some((one) => one.file.name === file.name && one.file.size === file.size && one.file.lastModified === file.lastModified);
      if (!twice) held.push({ file, name: file.name.replace(/\.[^.]*$/, "").slice(0, 100) });
    });
    show();
  }

  input.addEventListener("change", (event) => {
    event.stopPropagation();
    add(input.files);
  });
  photo.addEventListener("change", () => {
    const taken = Array.from(photo.files, (file) => new File([file], `照片${held.length + 1}.${file.name.split(".").pop()}`, { type: file.type, lastModified: file.lastModified }));
    photo.value = "";
    add(taken);
  });
  form.addEventListener("change", (event) => {  // the papers the law asks for
    if (event.target.type !== "file" || event.target === input || event.target === photo) return;
    const all = Array.from(event.target.files);
    if (!all.every(refused(all))) event.target.value = "";
  });
  document.addEventListener("drop", (event) => {
    if (!event.target.closest || !event.target.closest("[data-papers]")) return;
    event.preventDefault();
    event.stopPropagation();
    event.target.closest("[data-papers]").classList.remove("over");
    add(event.dataTransfer.files);
  }, true);
  document.addEventListener("paste", (event) => {
    const files = Array.from((event.clipboardData && event.clipboardData.files) || []);
    if (!files.length) return;
    event.preventDefault();
    const now = new Date();
    const two = (value) => String(value).padStart(2, "0");
    const stamp = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
    add(files.map((file) => file.name === "image.png" || !file.name ? new File([file], `截图${stamp}_${held.length + 1}.png`, { type: file.type }) : file));
  });
})();
