// The shop's API, asked from the same origin: the cookie proves who asks, and no script can read it.

// The page lies beside the API, also where a stage's name stands before both.
const BASE = new URL("../", import.meta.url);
const PATIENCE_MS = 30000;

let signIn = async () => false;
let signingIn = null;

/** What happens when the shop no longer knows whoever asks: resolves to whether they are known again. */
export function whenSignedOut(then) {
  signIn = then;
}

/** One sign-in, however many requests wait for it. */
function signedInAgain() {
  signingIn ??= signIn().finally(() => { signingIn = null; });
  return signingIn;
}

/** A request that was not done: the status (0 where there was no answer), and why, for people. */
export class Refused extends Error {
  constructor(status, message, complaints = [], body = {}) {
    super(message);
    this.status = status;
    this.complaints = complaints;
    this.body = body;
  }
}

export const get = (path, query) => ask("GET", path + asQuery(query));
export const post = (path, body) => ask("POST", path, body);
export const put = (path, body) => ask("PUT", path, body);

/** The address of what can be downloaded. */
export const address = (path, query) => new URL(path + asQuery(query), BASE).href;

/** What the shop answers; Refused for everything but a success. `quietly` leaves a 401 to the caller, which else
 * asks for the sign-in and then for the same again: what was refused so was not done. */
export async function ask(method, path, body, { quietly = false } = {}) {
  const answer = await sent(method, path, body);
  const told = await answer.json().catch(() => null);
  if (answer.ok && told !== null) return told;
  if (answer.status === 401 && !quietly && await signedInAgain()) return ask(method, path, body, { quietly: true });
  throw refusal(answer.status, told);
}

async function sent(method, path, body) {
  const content = body === undefined ? {} : { "Content-Type": "application/json" };
  try {
    return await fetch(new URL(path, BASE), {
      method,
      headers: { Accept: "application/json", ...content },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Refused(0, "The shop did not answer. Check the connection and try again; nothing you wrote is lost.");
  }
}

/** Errors come as a text, or as an object with a message: both say which fields are wrong. */
function refusal(status, told) {
  const error = told?.error;
  const message = (typeof error === "string" ? error : error?.message) || unsaid(status);
  const fields = Object.entries(told?.fields || {}).flatMap(([name, texts]) => texts.map((text) => `${name}: ${text}`));
  const complaints = fields.length ? fields : error?.details?.errors || [];
  return new Refused(status, message, complaints.filter((each) => !message.includes(each)), told || {});
}

function unsaid(status) {
  if (status >= 500) return "The shop has a problem. Try again in a moment.";
  return `The shop did not do this (${status}).`;
}

function asQuery(query = {}) {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return said.length ? `?${new URLSearchParams(said)}` : "";
}
