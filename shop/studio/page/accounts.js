// Who may sign in, and who may not any more.

import { put } from "./api.js";
import { question } from "./dialogs.js";
import { el, moment, say } from "./dom.js";
import { list } from "./lists.js";
import { act } from "./states.js";

const PATH = "api/admin/users";

export const accounts = {
  id: "accounts",
  label: "Accounts",
  open(panel) {
    const all = list({ path: PATH, key: "users", show: entry, empty: "There are no accounts besides the administrator of the settings." });
    panel.append(el("h2", {}, "Accounts"), all.place);
  },
};

function entry(user) {
  const told = el("div");
  const state = el("span.state", {});
  const button = el("button", { type: "button" });
  const draw = () => {
    state.textContent = user.enabled ? "enabled" : "disabled";
    state.dataset.state = user.enabled ? "approved" : "rejected";
    button.textContent = user.enabled ? "Disable…" : "Enable";
    button.setAttribute("aria-label", `${user.enabled ? "Disable" : "Enable"} ${user.username}`);
  };
  const change = async (enabled) => {
    await put(`${PATH}/${encodeURIComponent(user.username)}`, { enabled });
    user.enabled = enabled;
  };
  button.addEventListener("click", async () => {
    const was = user.enabled
      ? await question({ title: `Disable ${user.username}?`, text: "They are signed out everywhere at once and cannot sign in again.",
        answer: "Disable", danger: true, work: () => change(false) })
      : await act(button, told, () => change(true));
    if (!was) return;
    draw();
    say(`${user.username} is ${user.enabled ? "enabled" : "disabled"}.`);
    button.focus();
  });
  draw();
  const name = [user.givenName, user.familyName].filter(Boolean).join(" ");
  return el("div.body", {},
    el("h3", {}, user.username, " ", state),
    el("p.quiet", {}, [name, user.email, (user.groups || []).join(", ")].filter(Boolean).join(" · ")),
    el("p.quiet", {}, "since ", moment(user.created)),
    told, el("div.actions", {}, button));
}
