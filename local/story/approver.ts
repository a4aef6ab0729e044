import { formToken, formTokenField } from "../../web/form-token.ts";
import { systemClock } from "../clock.ts";
import { StoryFailedError } from "./story.ts";

const decision = { decision: "approve", comment: "Approved by npm start -- --yes." };

/**
 * Decides at the approval page as a person does: opens the link, fills in the form that is there, and posts it.
 *
 * @returns whether the page asked for a decision; it does not where enough others have decided.
 * @throws {StoryFailedError} the page does not take the decision.
 */
export async function approveAt(link: string): Promise<boolean> {
  const form = await formOf(link, decision);
  if (form === undefined) {
    await repeatPost(link);
    return false;
  }
  const answer = await fetch(link, { method: "POST", body: form, headers: { origin: new URL(link).origin } });
  await answer.arrayBuffer();
  if (answer.status !== 200) {
    throw new StoryFailedError(`The approval page answered the decision with ${answer.status}.`);
  }
  return true;
}

/**
 * Posts as a browser does that has kept the page and never got an answer, because the process ended meanwhile: a vote
 * that was taken and whose execution was not woken wakes it now. Any other is not taken.
 */
async function repeatPost(link: string): Promise<void> {
  const [requestId = "", approverId = "", mac = ""] = new URL(link).pathname.split("/").slice(-3);
  const token = formToken({ requestId, approverId, mac }, { now: systemClock.now(), nonce: "repeated" });
  const body = new URLSearchParams({ ...decision, [formTokenField]: token });
  const answer = await fetch(link, { method: "POST", body, headers: { origin: new URL(link).origin } });
  await answer.arrayBuffer();
}

/**
 * The form of an approval page, filled in, with the hidden fields that the page gave it; `undefined` where it has none.
 *
 * @throws {StoryFailedError} there is no such page.
 */
export async function formOf(
  link: string,
  fields: Record<string, string>,
): Promise<URLSearchParams | undefined> {
  const page = await fetch(link);
  const html = await page.text();
  if (page.status !== 200) throw new StoryFailedError(`The approval page answered ${page.status}.`);
  return filledForm(html, fields);
}

/** The form in a page's HTML, filled in as `formOf` does it. */
export function filledForm(html: string, fields: Record<string, string>): URLSearchParams | undefined {
  if (!html.includes("<form")) return undefined;
  const form = new URLSearchParams(fields);
  for (const [input] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    const value = /value="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined && value !== undefined) form.set(name, value);
  }
  return form;
}
