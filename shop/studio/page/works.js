// A creator's own works: what became of each, a form for another one, and a second try of what was rejected.

import { get, post, put } from "./api.js";
import { el, moment, picture, say } from "./dom.js";
import { list } from "./lists.js";
import { input } from "./sign_in.js";
import { act, complaint } from "./states.js";

const PATH = "api/creator/products";
const SAID = { pending: "waits for approval", approved: "approved", rejected: "rejected" };

export const works = {
  id: "works",
  label: "My works",
  open(panel) {
    const own = list({ path: PATH, key: "products", show: (work) => entry(work, () => own.start()), empty: "You have no works here yet. Add the first one." });
    const added = (work) => { say(`${work.title} waits for approval.`); own.start(); };
    const form = workForm("new", {}, "Add the work", async (said, clear) => {
      const { product } = await post(PATH, said);
      clear();
      added(product);
    });
    panel.append(el("h2", {}, "Your works"),
      el("details.add", {}, el("summary", {}, "Add a work"), form), own.place);
  },
};

function entry(work, again) {
  const body = el("div.body", {},
    el("h3", {}, work.title, " ", el("span.state", { "data-state": work.status }, SAID[work.status] || work.status)),
    el("p.quiet", {}, [work.category, work.price].filter(Boolean).join(" · "), " · ", moment(work.createdAt)),
    work.rejectionReason && el("p.reason", {}, el("strong", {}, "Why: "), work.rejectionReason));
  if (work.status === "rejected") body.append(secondTry(work, again));
  return [picture(work.imageUrl), body];
}

function secondTry(work, again) {
  const form = workForm(work.id, work, "Send it again", async (said) => {
    const { product } = await put(`${PATH}/${encodeURIComponent(work.id)}`, said);
    say(`${product.title} waits for approval again.`);
    again();
  });
  return el("details.add", {}, el("summary", {}, `Change ${work.title} and send it again`), form);
}

/** A field that is sent when something is in it. */
const written = (name, text) => (text ? { [name]: text } : {});

/** The shop's categories to choose from, and the work's own until they are there. */
function categoryField(key, own) {
  const made = input(`${key}-category`, "Category", {}, "select");
  const told = el("div");
  const fill = async () => {
    const { categories } = await get("api/categories");
    const chosen = made.box.value;
    made.box.replaceChildren(el("option", { value: "" }, "Choose one"),
      ...categories.map((each) => el("option", { value: each.slug }, each.name)));
    made.box.value = chosen;
  };
  if (own) made.box.append(el("option", { value: own }, own));
  fill().catch((error) => told.replaceChildren(complaint(error)));
  made.field.append(told);
  return made;
}

/** A form of a work; what is in it stays until it was taken. */
function workForm(key, work, answer, send) {
  const field = (name, label, attributes, tag) => {
    const made = input(`${key}-${name}`, label, { ...attributes }, tag);
    made.box.value = name === "tags" ? (work.tags || []).join(", ") : work[name] ?? "";
    return made;
  };
  const title = field("title", "Title", { maxlength: 200 });
  const description = field("description", "Description", { maxlength: 2000, rows: 4 }, "textarea");
  const category = categoryField(key, work.category);
  const imageUrl = field("imageUrl", "Address of the picture", { inputmode: "url", placeholder: "https://" });
  const amazonLink = field("amazonLink", "Where else it is sold", { type: "url", required: false, placeholder: "https://" });
  const price = field("price", "Price", { required: false, placeholder: "€19.90" });
  const stock = field("stock", "Pieces there are", { type: "number", required: false, min: 0, step: 1 });
  const tags = field("tags", "Tags, separated by commas", { required: false });
  const published = el("input", { type: "checkbox", id: `${key}-published`, checked: work.published ?? true });
  const told = el("div");
  const go = el("button.primary", { type: "submit" }, answer);
  const said = () => ({
    title: title.box.value.trim(), description: description.box.value.trim(), category: category.box.value.trim(),
    imageUrl: imageUrl.box.value.trim(),
    ...written("amazonLink", amazonLink.box.value.trim()),
    ...written("price", price.box.value.trim()),
    ...(stock.box.value && Number(stock.box.value) !== work.stock ? { stock: Number(stock.box.value) } : {}),
    tags: tags.box.value.split(",").map((each) => each.trim()).filter(Boolean),
    published: published.checked,
  });
  const form = el("form", { onsubmit: (event) => {
    event.preventDefault();
    act(go, told, () => send(said(), () => form.reset()));
  } },
  ...[title, description, category, imageUrl, amazonLink, price, stock, tags].map((each) => each.field),
  el("div.field.check", {}, published, el("label", { for: `${key}-published` }, "Show it as soon as it is approved")), told, el("div.actions", {}, go));
  return form;
}
