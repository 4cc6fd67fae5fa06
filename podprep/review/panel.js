// The part of the review panel that ipywidgets has no widget for: a table whose removals can be
// operated by mouse and keyboard, and shortcuts. The HTML comes escaped from Python; nothing here
// makes HTML, and nothing is fetched.
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable=true]";

function render({ model, el }) {
  const box = document.createElement("div");
  box.tabIndex = -1;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Chunk, raw and cleaned");
  el.append(box);

  const draw = () => {
    const focused = box.contains(document.activeElement) ? document.activeElement.dataset.span : undefined;
    const inside = box.contains(document.activeElement);
    box.innerHTML = model.get("table");
    if (inside) (box.querySelector(`[data-span="${focused}"]`) || box).focus();
  };
  const operate = (event) => {
    const mark = event.target.closest("[role=button][data-span]");
    if (mark) model.send({ span: mark.dataset.span.split("-").map(Number) });
    return mark;
  };
  box.addEventListener("click", operate);

  // The panel is the nearest ancestor that Python marked as such; it exists once this element is placed.
  const listen = () => {
    const panel = el.closest(".podprep-panel");
    if (!panel) return requestAnimationFrame(listen);
    if (panel.dataset.listening) return;
    panel.dataset.listening = "yes";
    panel.addEventListener("focusin", ({ target }) => {
      // JupyterLab must not take "a" for "new cell above" while the panel has the focus.
      if (!target.matches(TYPING)) target.setAttribute("data-lm-suppress-shortcuts", "true");
    });
    panel.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPING)) return;
      if ((event.key === "Enter" || event.key === " ") && operate(event)) return event.preventDefault();
      if (!model.get("shortcuts").includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      model.send({ key: event.key });
    });
  };
  listen();
  model.on("change:table", draw);
  model.on("msg:custom", (message) => {
    if (!message.focus) return;
    const panel = el.closest(".podprep-panel");
    const target = message.focus === "table" ? box : panel.querySelector(`.podprep-${message.focus} :is(input, textarea)`);
    setTimeout(() => target && target.focus(), 50);
  });
  draw();
}

export default { render };
