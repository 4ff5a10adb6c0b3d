// Creators, and whether the public sees them.

import { put } from "./api.js";
import { question } from "./dialogs.js";
import { el, moment, picture, say } from "./dom.js";
import { list } from "./lists.js";
import { act } from "./states.js";

const PATH = "api/admin/creators";

export const creators = {
  id: "creators",
  label: "Creators",
  open(panel) {
    const all = list({ path: PATH, key: "creators", show: entry, empty: "No creator has signed up yet." });
    panel.append(el("h2", {}, "Creators"), all.place);
  },
};

function entry(creator) {
  const told = el("div");
  const state = el("span.state", {});
  const button = el("button", { type: "button" });
  const isActive = () => creator.status === "active";
  const draw = () => {
    state.textContent = creator.status;
    state.dataset.state = isActive() ? "approved" : "rejected";
    button.textContent = isActive() ? "Disable…" : "Enable";
    button.setAttribute("aria-label", `${isActive() ? "Disable" : "Enable"} ${creator.displayName}`);
  };
  const change = async (said) => {
    creator.status = (await put(`${PATH}/${encodeURIComponent(creator.id)}/status`, said)).creator.status;
  };
  button.addEventListener("click", async () => {
    const was = isActive()
      ? await question({ title: `Disable ${creator.displayName}?`, text: "Their page and works are hidden from the public.",
        field: { label: "Reason, which they read", most: 500 }, answer: "Disable", danger: true,
        work: (reason) => change({ status: "disabled", reason }) })
      : await act(button, told, () => change({ status: "active" }));
    if (!was) return;
    draw();
    say(`${creator.displayName} is ${creator.status}.`);
    button.focus();
  });
  draw();
  return [picture(creator.profileImage), el("div.body", {},
    el("h3", {}, creator.displayName, " ", state),
    el("p.quiet", {}, [creator.slug, creator.email].filter(Boolean).join(" · "), " · since ", moment(creator.createdAt)),
    el("p.long", {}, creator.bio || ""),
    told, el("div.actions", {}, button))];
}
