/** What a person reads on a page: its text without tags, on one line. */
export async function pageText(answer: Response): Promise<string> {
  return textOf(await answer.text());
}

export function textOf(html: string): string {
  return html
    .replace(/<title>.*?<\/title>/gs, " ")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .replace(/ ([.,;:])/g, "$1")
    .trim();
}

/** The hidden fields of a page's form, as a browser posts them along. */
export function hiddenFields(html: string): Record<string, string> {
  const inputs = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries([...inputs].map(([, name = "", value = ""]) => [name, textOf(value)]));
}
