/** Whether a name fits a pattern of the settings, in which `*` stands for any characters. */
export function matchesPattern(name: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split("*").map(literally).join(".*")}$`, "s").test(name);
}

/** A regular expression that finds exactly this text. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
