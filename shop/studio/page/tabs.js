// Tabs as the ARIA practices describe them: arrows move, Enter or a click opens, one stop for the Tab key.

import { el } from "./dom.js";

/** Tabs of `views` ({id, label, open(panel)}); the address keeps which one is open. */
export function tabs(label, views) {
  const bar = el("div.tabs", { role: "tablist", "aria-label": label });
  const panel = el("section.panel", { role: "tabpanel", tabindex: "0", id: "panel" });
  const buttons = views.map((view) => el("button", {
    type: "button", role: "tab", id: `tab-${view.id}`, "aria-controls": "panel",
    onclick: () => { open(view.id); },
  }, view.label));
  bar.append(...buttons);
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  });

  function open(id) {
    const view = views.find((each) => each.id === id) || views[0];
    buttons.forEach((button, index) => {
      const isOpen = views[index] === view;
      button.setAttribute("aria-selected", String(isOpen));
      button.tabIndex = isOpen ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", `tab-${view.id}`);
    history.replaceState(null, "", `#${view.id}`);
    panel.replaceChildren();
    view.open(panel);
  }
  open(location.hash.slice(1));
  return [bar, panel];
}
