import { StoryFailedError } from "./story.ts";

/**
 * Decides at the approval page as a person does: opens the link, fills in the form that is there, and posts it.
 *
 * @throws {StoryFailedError} the page has no form, or does not take the decision.
 */
export async function approveAt(link: string): Promise<void> {
  const page = await fetch(link);
  const html = await page.text();
  if (page.status !== 200 || !html.includes("<form")) {
    throw new StoryFailedError(`The approval page answered ${page.status} and asks for no decision.`);
  }
  const form = new URLSearchParams({ decision: "approve", comment: "Approved by npm start -- --yes." });
  for (const [input] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    const value = /value="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined && value !== undefined) form.set(name, value);
  }
  const answer = await fetch(link, { method: "POST", body: form, headers: { origin: new URL(link).origin } });
  await answer.arrayBuffer();
  if (answer.status !== 200) {
    throw new StoryFailedError(`The approval page answered the decision with ${answer.status}.`);
  }
}
