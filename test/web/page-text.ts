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
