// Signing in: name and password, and the code of a second factor where the account has one.

import { ask } from "./api.js";
import { el } from "./dom.js";
import { act } from "./states.js";

const LOGIN = "api/auth/login";

/** A form that calls `then` once somebody is signed in; `reason` says why it is shown again. */
export function signInForm(reason, then) {
  const name = input("username", "Name or e-mail", { autocomplete: "username" });
  const password = input("password", "Password", { type: "password", autocomplete: "current-password" });
  const code = input("code", "Code", { autocomplete: "one-time-code", inputmode: "text" });
  code.field.append(el("p.hint", {}, "From your authenticator app, or one of your recovery codes."));
  code.field.hidden = true;
  code.box.required = false;
  const told = el("div");
  const go = el("button.primary", { type: "submit" }, "Sign in");
  const form = el("form.narrow", { onsubmit: async (event) => {
    event.preventDefault();
    if (await act(go, told, () => attempt(name.box, password.box, code))) then();
  } },
  el("h2", {}, "Sign in"), reason && el("p", { role: "status" }, reason),
  name.field, password.field, code.field, told, go);
  return form;
}

async function attempt(name, password, code) {
  const said = { username: name.value, password: password.value };
  if (!code.field.hidden) Object.assign(said, ofCode(code.box.value.trim()));
  try {
    await ask("POST", LOGIN, said, { quietly: true });
    password.value = code.box.value = "";
  } catch (error) {
    if (!wantsCode(error)) throw error;
    const isFirst = code.field.hidden;
    code.field.hidden = false;
    code.box.required = true;
    code.box.focus();
    // The first time nothing was wrong: the shop asks for the rest.
    if (!isFirst) throw error;
    throw Object.assign(error, { message: "Enter the code of your second factor." });
  }
}

/** An app's code is six digits; everything else is one of the recovery codes. */
const ofCode = (text) => (/^[0-9 ]*$/.test(text) ? { totp: text.replaceAll(" ", "") } : { recovery_code: text });

const wantsCode = (error) => error.body.totp_required === true || error.body.error?.details?.totp_required === true;

/** A labelled field: `field` is all of it, `box` what is written into. */
export function input(id, label, attributes = {}, tag = "input") {
  const box = el(tag, { id, name: id, required: true, ...attributes });
  return { box, field: el("div.field", {}, el("label", { for: id }, label), box) };
}
