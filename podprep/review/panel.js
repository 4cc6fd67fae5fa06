// The review panel in the browser: draws what Python tells of, and tells Python what was done.
// Texts go in as text; the one piece of HTML, the table, comes escaped from Python. Nothing is fetched.
const TYPING = "input:not([type=checkbox]), textarea, select";
const SLICE = 60; // pixels of the page that stay in sight above what is looked at

function make(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in node) node[name] = value; else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const labelled = (text, field) => make("label", {}, text, field);
const count = (text) => (text.trim() ? text.trim().split(/\s+/).length : 0);

function picker(options, value, change) {
  const field = make("select", {}, ...options.map((option) => make("option", { value: option }, option)));
  field.value = value;
  field.addEventListener("change", () => change(field.value));
  return field;
}

// The page beside the text: pictures by number, what is marked on them, how large they are.
function pageView(model, send) {
  const picture = make("img", { draggable: false });
  const stage = make("div", { className: "stage" }, picture);
  const window_ = make("div", { className: "window", tabIndex: 0, role: "region", ariaLabel: "Page" }, stage);
  const title = make("strong");
  const urls = new Map();
  let shown = null, chunk = null, zoom = 1, wanted = null;

  const marks = (page) => (chunk ? chunk.marks.filter((mark) => mark.page === page) : []);
  const resize = () => { stage.style.width = `${Math.round(100 * zoom)}%`; };
  const look = () => {
    const at = [...stage.querySelectorAll(`[data-of="${wanted}"]`)][0] || stage.querySelector(".lines");
    stage.querySelectorAll(".looked-at").forEach((mark) => mark.classList.remove("looked-at"));
    stage.querySelectorAll(`[data-of="${wanted}"]`).forEach((mark) => mark.classList.add("looked-at"));
    if (at) window_.scrollTo({ top: at.offsetTop - SLICE, left: Math.max(0, at.offsetLeft - 24) });
  };
  const fit = () => { // as large as the chunk's lines allow
    const lines = marks(shown).filter((mark) => mark.looks === "lines").map((mark) => mark.box);
    const width = lines.length ? Math.max(...lines.map((b) => b[2])) - Math.min(...lines.map((b) => b[0])) : 1;
    zoom = Math.min(2.2, Math.max(1, 0.9 / Math.max(width, 0.1)));
  };
  const draw = () => {
    stage.querySelectorAll(".mark").forEach((mark) => mark.remove());
    for (const { looks, of, says, box: [left, top, right, bottom] } of marks(shown)) {
      const mark = make("div", { className: `mark ${looks}`, title: says });
      mark.dataset.of = of;
      Object.assign(mark.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * (right - left)}%`,
        height: `${100 * (bottom - top)}%` });
      if (looks === "flag") mark.append(make("span", {}, /\d+/.exec(says)[0])); // its reason stands in the text
      stage.append(mark);
    }
    title.textContent = `Page ${shown}`;
    picture.alt = `Page ${shown} of the PDF, with the lines of ${chunk ? chunk.name : "no chunk"} marked`;
    if (urls.has(shown)) { if (picture.src !== urls.get(shown)) picture.src = urls.get(shown); } else { picture.removeAttribute("src"); send({ do: "page", number: shown }); }
    resize();
    look();
  };
  const turn = (number) => { if (number !== undefined) { shown = number; draw(); } };
  model.on("msg:custom", (message, buffers) => {
    if (!message.page) return;
    if (message.error) { if (message.page === shown) title.textContent = message.error; return; }
    urls.set(message.page, URL.createObjectURL(new Blob([buffers[0]], { type: "image/png" })));
    if (message.page === shown) draw();
  });
  picture.addEventListener("load", look);
  return {
    title, window: window_, stage,
    show(next) {
      const fresh = !chunk || !next || next.index !== chunk.index;
      chunk = next;
      if (!chunk) return;
      const flagged = chunk.marks.find((mark) => mark.looks === "flag");
      if (fresh) {
        wanted = flagged ? flagged.of : null;
        shown = flagged ? flagged.page : chunk.pages[0];
        fit();
      }
      draw();
    },
    find(of) {
      const mark = chunk && chunk.marks.find((each) => each.of === of);
      if (!mark) return;
      wanted = of;
      if (mark.page === shown) look(); else turn(mark.page);
    },
    zoom(by) { zoom = Math.min(6, Math.max(0.5, zoom * by)); resize(); look(); },
    turn(by) {
      const pages = model.get("choices").pages;
      turn(pages[pages.indexOf(shown) + by]);
    },
  };
}

// Words that are selected in the clean text, each as its row and its number there.
function chosenWords(box) {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !box.contains(selection.anchorNode)) return null;
  const range = selection.getRangeAt(0);
  const before = (node, offset, cell) => {
    const part = document.createRange();
    part.setStart(cell, 0);
    part.setEnd(node, offset);
    const copy = part.cloneContents();
    copy.querySelectorAll("small").forEach((label) => label.remove());
    return copy.textContent;
  };
  const cellOf = (node) => (node.nodeType === 1 ? node : node.parentElement).closest("td[data-row]");
  const [first, last] = [cellOf(range.startContainer), cellOf(range.endContainer)];
  if (!first || !last) return null;
  const head = before(range.startContainer, range.startOffset, first);
  const tail = before(range.endContainer, range.endOffset, last);
  const start = count(head) - (head && !/\s$/.test(head) && !/^\s/.test(range.toString()) ? 1 : 0);
  return { first: [Number(first.dataset.row), start], last: [Number(last.dataset.row), Math.max(count(tail) - 1, 0)],
    words: range.toString().trim() };
}

function render({ model, el }) {
  const send = (content) => model.send(content);
  const choices = model.get("choices");
  const chosen = new Set();
  let flag = 0, editing = false, row = null, over = null;

  // Parts that stay
  const bar = make("progress", { ariaLabel: "decided" });
  const told = make("span");
  const message = make("p", { className: "message", role: "status" });
  const summary = make("p", { className: "summary", role: "status" });
  const help = make("dl", { className: "help", hidden: true });
  const plan = make("form", { className: "plan", hidden: true, ariaLabel: "Write" });
  const head = make("div", { className: "head" });
  const box = make("div", { className: "box", tabIndex: 0, role: "region", ariaLabel: "Chunk, raw and cleaned" });
  const words = make("p", { className: "words", role: "status" });
  const gone = make("details", { className: "gone" });
  const talk = make("div", { className: "talk" });
  const remark = make("textarea", { rows: 2, ariaLabel: "Comment" });
  const remarkBox = make("form", { className: "remark", hidden: true }, remark,
    make("button", { type: "submit" }, "Save comment"), make("small", {}, " Ctrl+Enter saves, Esc leaves"));
  const list = make("tbody");
  const page = pageView(model, send);

  const buttons = (place) => model.get("actions").filter((action) => action[3] === place).map(([key, name, label]) => {
    const button = make("button", { type: "button", "aria-keyshortcuts": key, "data-do": name }, label, " ",
      make("kbd", {}, key));
    button.addEventListener("mousedown", (event) => event.preventDefault()); // a selection stays
    button.addEventListener("click", () => act(name));
    return button;
  });
  const filters = ["show", "kind", "sort"].map((name) => labelled(
    { show: "Show", kind: "Kind", sort: "Order" }[name],
    picker(choices[name], model.get("state").filter[name], (value) => send({ do: "filter", [name]: value }))));
  const search = make("input", { type: "search", placeholder: "search", ariaLabel: "Search words in the chunks" });
  search.addEventListener("change", () => send({ do: "filter", search: search.value }));
  const several = ["accept", "raw"].map((how) => {
    const button = make("button", { type: "button", disabled: true });
    button.addEventListener("click", () => {
      send({ do: "several", how, chunks: [...chosen] });
      chosen.clear();
      panel.focus({ preventScroll: true }); // the button has nothing to do now
    });
    return button;
  });

  const panel = make("div", { className: "podprep-panel podprep", tabIndex: -1, role: "region", ariaLabel: "Review" },
    make("div", { className: "top" }, bar, told, ...buttons("top")),
    ...(choices.warning ? [make("p", {}, make("strong", {}, choices.warning))] : []),
    ...choices.unapplied.map((sentence) => make("p", {}, sentence)),
    help, plan, message, summary,
    make("div", { className: "columns" },
      make("aside", { className: "list", ariaLabel: "Chunks" },
        make("div", { className: "filters" }, ...filters, search),
        make("div", { className: "chunks" }, make("table", {}, make("thead", {}, make("tr", {},
          ...["✓", "no.", "flag", "state", "p.", "begins"].map((name) => make("th", { scope: "col" }, name)))),
        list)),
        make("div", { className: "filters" }, ...several)),
      make("main", { className: "text", role: "group", ariaLabel: "Chunk" },
        head, make("div", { className: "actions" }, ...buttons("chunk")), box, words, remarkBox, talk, gone),
      make("section", { className: "page", ariaLabel: "The page it comes from" },
        make("div", { className: "actions" }, page.title, ...buttons("page")), page.window)));

  for (const [key, , label] of model.get("actions")) {
    help.append(make("dt", {}, make("kbd", {}, key)), make("dd", {}, label));
  }
  help.append(make("dt", {}, make("kbd", {}, "↑ ↓")), make("dd", {}, "a sentence up or down, in the text"),
    make("dt", {}, make("kbd", {}, "← →")), make("dd", {}, "choose a word in it; with Shift, more words"),
    make("dt", {}, make("kbd", {}, "Enter")), make("dd", {}, "on a removed run: restore it, or remove it again"));

  // Drawing
  const lines = new Map(); // those that are drawn, each with what it says
  const lineOf = (each) => {
    const { index, flag: doubt, state, page: where, starts, remarks } = each, said = JSON.stringify(each);
    if (lines.get(index)?.said === said) return lines.get(index).line;
    const tick = make("input", { type: "checkbox", tabIndex: -1, ariaLabel: `choose chunk ${index + 1}` });
    tick.addEventListener("change", () => choose(index, tick.checked));
    const open = make("button", { type: "button", tabIndex: -1 }, String(index + 1));
    open.dataset.index = index;
    open.addEventListener("click", () => send({ do: "go", index }));
    const line = make("tr", {}, ...[tick, open, doubt && make("strong", {}, doubt), state, where,
      starts + (remarks ? ` (${remarks} comments)` : "")].map((content) => make("td", {}, content)));
    lines.set(index, { said, line });
    return line;
  };
  const drawList = () => {
    const at = model.get("state").chunk?.index, rows = model.get("rows");
    const focused = list.contains(document.activeElement);
    for (const index of chosen) if (!rows.some((each) => each.index === index)) chosen.delete(index);
    const wanted = rows.map(lineOf);
    if (wanted.length !== list.children.length || wanted.some((line, i) => line !== list.children[i])) {
      list.replaceChildren(...wanted);
    }
    list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    list.querySelectorAll("button[tabindex='0']").forEach((button) => { button.tabIndex = -1; });
    rows.forEach(({ index }, i) => { wanted[i].querySelector("input").checked = chosen.has(index); });
    const current = wanted[rows.findIndex((each) => each.index === at)];
    const scroller = list.closest(".chunks");
    if (current) {
      current.setAttribute("aria-current", "true");
      current.querySelector("button").tabIndex = 0;
      scroller.scrollTop = current.offsetTop - scroller.clientHeight / 3;
    }
    if (focused) (current?.querySelector("button") || panel).focus({ preventScroll: true });
    drawSeveral();
  };
  const drawSeveral = () => several.forEach((button, i) => {
    button.disabled = !chosen.size;
    button.textContent = `${i ? "Keep raw" : "Accept"} the ${chosen.size} chosen`;
  });
  const choose = (index, on) => { on ? chosen.add(index) : chosen.delete(index); drawSeveral(); };

  const drawHead = (chunk) => {
    if (!chunk) return head.replaceChildren(make("p", {}, "No chunk passes the filters."));
    const badges = [chunk.verdict && make("span", { className: "flag" }, chunk.verdict),
      make("span", { className: "decision" }, chunk.status), make("small", {}, chunk.place)].filter(Boolean);
    const flags = chunk.flags.map(({ number, reason, placed }) => {
      const show = make("button", { type: "button", disabled: !placed }, `flag ${number}`);
      show.addEventListener("click", () => goToFlag(number));
      return make("li", {}, show, ` ${chunk.verdict}: ${reason}`);
    });
    const versions = chunk.versions.map(({ by, status, text }, version) => {
      const take = make("button", { type: "button" }, `Take the version of ${by}`);
      take.addEventListener("click", () => send({ do: "settle", version }));
      return make("li", {}, take, ` ${status}: `, make("q", {}, text));
    });
    head.replaceChildren(make("h3", {}, chunk.name, " ", ...badges), make("ul", {}, ...flags, ...versions));
  };
  const drawTable = (chunk) => {
    if (editing && chunk && box.dataset.chunk === String(chunk.index)) return; // what is being written stays
    const inside = box.contains(document.activeElement) || editing;
    const { span, row: cell } = (box.contains(document.activeElement) && document.activeElement.dataset) || {};
    const top = chunk && box.dataset.chunk === String(chunk.index) ? box.scrollTop : 0;
    editing = false;
    box.innerHTML = chunk ? chunk.table : "";
    box.dataset.chunk = chunk ? chunk.index : "";
    box.scrollTop = top;
    words.textContent = "";
    if (!inside) return;
    const again = (span && box.querySelector(`[data-span="${span}"]`))
      || (top || cell !== undefined ? box.querySelector(`[data-row="${cell ?? row}"]`) : null);
    (again || box).focus({ preventScroll: true });
  };
  const drawGone = (chunk) => {
    const lines = chunk ? chunk.removals : [];
    const focused = gone.contains(document.activeElement) ? document.activeElement.dataset.of : undefined;
    gone.replaceChildren(make("summary", {}, `Removed or restored here: ${lines.length}`),
      make("table", {}, ...lines.map(({ span, kind, certainty, words: said }) => {
        const of = span.join("-"), back = kind === "restored";
        const put = make("button", { type: "button" }, back ? "Remove again" : "Restore");
        const show = make("button", { type: "button" }, "Show");
        put.addEventListener("click", () => send({ do: "operate", span }));
        show.addEventListener("click", () => page.find(of));
        const kinds = choices.kinds.includes(kind) ? choices.kinds : [kind, ...choices.kinds];
        const field = back ? "restored" : picker(kinds, kind, (value) => send({ do: "kind", span, kind: value }));
        for (const each of [put, show, ...(back ? [] : [field])]) each.dataset.of = of + each.tagName + each.textContent;
        if (!back) field.ariaLabel = `kind of ${said.slice(0, 30)}`;
        return make("tr", {}, ...[field, back ? "" : `certainty ${certainty}`, make("q", { dir: "auto" }, said), put, show]
          .map((content) => make("td", {}, content)));
      })));
    if (focused) ([...gone.querySelectorAll("[data-of]")].find((each) => each.dataset.of === focused)
      || gone.querySelector("summary")).focus({ preventScroll: true });
  };
  const drawTalk = (chunk) => talk.replaceChildren(...(chunk ? chunk.comments : []).map(({ text, by, at }) =>
    make("blockquote", {}, make("p", { dir: "auto" }, text), make("footer", {}, `${by}, ${at}`))));
  const drawPlan = ({ name, formats, files }) => {
    plan.hidden = !files;
    if (!files) return plan.replaceChildren();
    const ask = () => send({ do: "plan", name: place.value,
      formats: [...plan.querySelectorAll("[name=format]:checked")].map((tick) => tick.value) });
    const place = make("input", { value: name, ariaLabel: "File of the text", size: 50 });
    const ticks = choices.formats.map((format) =>
      make("label", {}, make("input", { type: "checkbox", name: "format", value: format, checked: formats.includes(format) }),
        format));
    const focused = plan.contains(document.activeElement) && document.activeElement.value;
    const lines = files.map(({ name: file, there, ours }) => make("li", {}, file, make("strong", {}, !there ? ""
      : ours ? " (replaces what podprep wrote)" : " (REPLACES a file that is not as podprep wrote it)")));
    const over = files.filter((file) => file.there).length;
    const write = make("button", { type: "submit", disabled: !files.length },
      over ? `Write ${files.length}, replacing ${over}` : `Write ${files.length}`, " ", make("kbd", {}, "Enter"));
    const leave = make("button", { type: "button" }, "Leave ", make("kbd", {}, "Esc"));
    leave.addEventListener("click", () => { send({ do: "leave" }); panel.focus({ preventScroll: true }); });
    plan.replaceChildren(labelled("Write to ", place), ...ticks, make("ul", {}, ...lines), write, leave);
    place.addEventListener("change", ask);
    plan.querySelectorAll("[name=format]").forEach((tick) => tick.addEventListener("change", ask));
    const again = [...plan.querySelectorAll("[name=format]")].find((tick) => tick.value === focused);
    (again || write).focus({ preventScroll: true });
  };
  const draw = () => {
    const { chunk, decided, total, progress, message: said, summary: sum, plan: planned } = model.get("state");
    const lost = panel.contains(document.activeElement);
    if (box.dataset.chunk !== String(chunk?.index)) { flag = 0; row = null; }
    Object.assign(bar, { max: total || 1, value: decided });
    told.textContent = progress;
    message.textContent = said;
    summary.textContent = sum;
    drawHead(chunk);
    drawTable(chunk);
    drawGone(chunk);
    drawTalk(chunk);
    drawPlan(planned);
    page.show(chunk);
    if (lost && !panel.contains(document.activeElement)) panel.focus({ preventScroll: true });
  };

  // Doing
  const show = (node) => {
    node.closest("tbody")?.previousElementSibling?.querySelectorAll("input:not(:checked)").forEach((tick) => tick.click());
    node.focus({ preventScroll: true });
    const top = node.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (top < 0 || top > box.clientHeight - 40) box.scrollTop += top - box.clientHeight / 3;
  };
  const goToFlag = (number) => {
    flag = number;
    const mark = box.querySelector(`[data-flag="${number}"]`);
    if (mark) { mark.tabIndex = 0; show(mark); }
    page.find(`flag-${number}`);
  };
  const next = () => {
    const more = model.get("state").chunk?.flags.find((each) => each.placed && each.number > flag);
    if (more) goToFlag(more.number); else send({ do: "next" });
  };
  const sentence = () => {
    const cells = [...box.querySelectorAll("td[data-row]")];
    const here = document.activeElement.closest?.("tr")?.querySelector("td[data-row]");
    const marked = (number) => cells.find((cell) => cell.dataset.row === number);
    return [box.contains(here) && here, marked(over), marked(row)].find(Boolean) || cells.find((cell) => cell.matches(".changed")) || cells[0];
  };
  const edit = (cell, whole) => {
    const chunk = model.get("state").chunk;
    if (!chunk || (!whole && !cell)) return;
    const field = make("textarea", { className: "edit", ariaLabel: whole ? "Text of the chunk" : "Sentence",
      value: whole ? chunk.text : chunk.sentences[Number(cell.dataset.row)] });
    const save = make("button", { type: "button" }, "Save ", make("kbd", {}, "Ctrl+Enter"));
    const leave = make("button", { type: "button" }, "Leave ", make("kbd", {}, "Esc"));
    const end = () => { editing = false; drawTable(model.get("state").chunk); };
    const keep = () => { editing = false; send({ do: "edit", text: field.value, ...(whole ? {} : { row: Number(cell.dataset.row) }) }); };
    save.addEventListener("click", keep);
    leave.addEventListener("click", end);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); keep(); }
      if (event.key === "Escape") { event.preventDefault(); end(); }
    });
    row = whole ? null : cell.dataset.row;
    (whole ? box : cell).replaceChildren(field, save, leave);
    field.rows = whole ? 16 : Math.max(3, Math.ceil(field.value.length / 40));
    editing = true;
    field.focus({ preventScroll: true });
  };
  const strike = () => {
    const picked = chosenWords(box);
    if (picked) return send({ do: "strike", first: picked.first, last: picked.last });
    message.textContent = "Choose words of the cleaned text first: with the mouse, or with the arrow keys.";
  };
  const here = {
    next, strike, edit: () => edit(sentence(), false), whole: () => edit(null, true),
    help: () => { help.hidden = !help.hidden; }, search: () => search.focus(),
    remark: () => { remarkBox.hidden = false; remark.focus({ preventScroll: true }); },
    view: () => panel.classList.toggle("no-page"), larger: () => page.zoom(1.25), smaller: () => page.zoom(0.8),
    back: () => page.turn(-1), forth: () => page.turn(1), plan: () => send({ do: "plan" }),
    choose: () => {
      const at = model.get("state").chunk?.index;
      if (at !== undefined) { choose(at, !chosen.has(at)); drawList(); }
    },
  };
  const act = (name) => (here[name] ? here[name]() : send({ do: name }));

  const saveRemark = () => {
    send({ do: "comment", text: remark.value });
    remark.value = "";
    leaveRemark();
  };
  const leaveRemark = () => { remarkBox.hidden = true; box.focus({ preventScroll: true }); };
  remarkBox.addEventListener("submit", (event) => { event.preventDefault(); saveRemark(); });
  plan.addEventListener("submit", (event) => { event.preventDefault(); send({ do: "write" }); });

  const operate = (event) => {
    const mark = event.target.closest("[role=button][data-span]");
    if (mark && document.getSelection().isCollapsed) send({ do: "operate", span: mark.dataset.span.split("-").map(Number) });
    return mark;
  };
  box.addEventListener("click", operate);
  box.addEventListener("mouseover", ({ target }) => { over = target.closest("tr")?.querySelector("[data-row]")?.dataset.row; });
  box.addEventListener("mouseleave", () => { over = null; });
  box.addEventListener("focusin", ({ target }) => { if (target.dataset.span) page.find(target.dataset.span); });
  box.addEventListener("mousedown", ({ target }) => { row = target.closest("td[data-row]")?.dataset.row ?? row; });
  page.stage.addEventListener("click", ({ target }) => {
    const mark = [...box.querySelectorAll("[data-span]")].find((each) => {
      const [a, b] = each.dataset.span.split("-"), [c, d] = (target.dataset.of || "").split("-");
      return Number(a) < Number(d) && Number(c) < Number(b);
    });
    if (mark && target.matches(".gone, .back")) show(mark);
  });
  const pickedWords = () => {
    const picked = chosenWords(box);
    if (picked) words.textContent = `Chosen: “${picked.words}”. d strikes them out.`;
    else if (box.contains(document.getSelection().anchorNode)) words.textContent = "";
  };
  document.addEventListener("selectionchange", pickedWords);

  const walk = (event) => { // arrow keys in the text: sentences, and words in them
    const cells = [...box.querySelectorAll("td[data-row]")].filter((cell) => cell.offsetParent);
    const at = cells.indexOf(document.activeElement.closest("td[data-row]"));
    const selection = document.getSelection();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const cell = cells[Math.min(cells.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))];
      if (cell) { row = cell.dataset.row; show(cell); selection.collapse(cell, 0); }
    } else if (at >= 0) {
      const way = event.key === "ArrowRight" ? "forward" : "backward";
      if (!event.shiftKey && !selection.isCollapsed) way === "forward" ? selection.collapseToEnd() : selection.collapseToStart();
      selection.modify("extend", way, "word");
    } else return;
    event.preventDefault();
  };

  panel.addEventListener("mousedown", () => { if (!panel.contains(document.activeElement)) panel.focus({ preventScroll: true }); });
  panel.addEventListener("focusin", ({ target }) => {
    // JupyterLab must not take "a" for "new cell above", nor Ctrl+Enter for "run", while the panel has the focus.
    target.setAttribute("data-lm-suppress-shortcuts", "true");
  });
  panel.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (key === "Escape" && plan.contains(target)) { send({ do: "leave" }); return panel.focus({ preventScroll: true }); }
    if (target === remark) {
      if (key === "Escape") leaveRemark();
      if (key === "Enter" && (event.ctrlKey || event.metaKey)) saveRemark();
    }
    if (target.matches(TYPING)) {
      if (key === "Escape" && target === search) panel.focus({ preventScroll: true });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((key === "Enter" || key === " ") && !target.matches("button, input, summary") && operate(event)) {
      return event.preventDefault();
    }
    if (list.contains(target) && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      const index = Number(target.dataset.index), rows = model.get("rows").map((each) => each.index);
      const to = rows[rows.indexOf(index) + (key === "ArrowDown" ? 1 : -1)];
      if (to !== undefined) send({ do: "go", index: to });
    } else if (key.startsWith("Arrow") && box.contains(target)) {
      walk(event);
    } else {
      const action = model.get("actions").find((each) => each[0] === key);
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      act(action[1]);
    }
  });

  // Keys work as soon as the panel is in sight, unless somebody is typing elsewhere.
  const watch = new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting) return;
    watch.disconnect();
    const active = document.activeElement;
    if (!active?.closest(`${TYPING}, [contenteditable=true]`)) panel.focus({ preventScroll: true });
  });
  el.append(panel);
  watch.observe(panel);
  model.on("change:state", () => { draw(); drawList(); });
  draw();
  drawList();
  return () => { watch.disconnect(); document.removeEventListener("selectionchange", pickedWords); };
}

export default { render };
