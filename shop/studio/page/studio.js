// The studio: whoever is signed in sees what their role may do.

import { ask, post, whenSignedOut } from "./api.js";
import { accounts } from "./accounts.js";
import { alerts } from "./alerts.js";
import { creators } from "./creators.js";
import { nothing } from "./states.js";
import { ownNumbers } from "./own_numbers.js";
import { queue } from "./queue.js";
import { el, say } from "./dom.js";
import { shopNumbers } from "./shop_numbers.js";
import { signInForm } from "./sign_in.js";
import { stock } from "./stock.js";
import { tabs } from "./tabs.js";
import { withdrawals } from "./withdrawals.js";
import { works } from "./works.js";

const VIEWS = {
  admin: [queue, shopNumbers, withdrawals, accounts, creators, alerts, stock],
  editor: [],
  creator: [ownNumbers, works],
  member: [],
};

const [signingIn, work, who, leave] = ["signing-in", "work", "who", "sign-out"].map((id) => document.getElementById(id));
// Whose work the page holds: what they wrote waits there while they sign in again.
let shown = null;

const whoAmI = () => ask("GET", "api/auth/me", undefined, { quietly: true });

async function begin() {
  try {
    show(await whoAmI());
  } catch (error) {
    showSignIn(error.status === 401 ? "" : error.message);
  }
}

function show(user) {
  signingIn.hidden = true;
  signingIn.replaceChildren();
  who.textContent = `${user.name} · ${user.role}`;
  who.hidden = leave.hidden = work.hidden = false;
  shown = user.id;
  const views = VIEWS[user.role] || [];
  if (views.length) work.replaceChildren(...tabs("Studio", views));
  else work.replaceChildren(nothing("Your account has nothing to do here yet."));
}

function showSignIn(reason) {
  shown = null;
  work.replaceChildren();
  who.hidden = leave.hidden = work.hidden = true;
  signingIn.replaceChildren(signInForm(reason, begin));
  signingIn.hidden = false;
  signingIn.querySelector("input").focus();
}

/** Asks for the sign-in above everything that is open; whether the same person goes on with it. */
function signInAgain() {
  if (shown === null) return Promise.resolve(false);
  const before = shown;
  const reason = "Your session has ended. Sign in again; what you wrote is kept.";
  return new Promise((settled) => {
    const form = signInForm(reason, async () => {
      const user = await whoAmI().catch(() => null);
      const isSame = user?.id === before;
      settled(isSame);
      above.close();
      if (!isSame) begin();
    });
    const above = el("dialog", { "aria-label": "Sign in again" }, form);
    above.addEventListener("close", () => { above.remove(); settled(false); });
    document.body.append(above);
    above.showModal();
  });
}

leave.addEventListener("click", async () => {
  try {
    await post("api/auth/logout");
  } catch (error) {
    say(error.message);
    return;
  }
  history.replaceState(null, "", location.pathname);
  showSignIn("You are signed out.");
});

whenSignedOut(signInAgain);
begin();
