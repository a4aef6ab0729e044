/**
 * Whether `text` matches an IAM pattern, in which `*` stands for any characters (none included) and `?` for exactly one.
 *
 * In a policy's `Resource` a `*` may run over the colons of an ARN.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  // Greedy with one place to go back to, so that no pattern takes more than pattern × text steps.
  let inPattern = 0;
  let inText = 0;
  let lastStar = -1;
  let textAtLastStar = 0;
  while (inText < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      lastStar = inPattern;
      textAtLastStar = inText;
      inPattern += 1;
    } else if (wanted === "?" || wanted === text[inText]) {
      inPattern += 1;
      inText += 1;
    } else if (lastStar >= 0) {
      textAtLastStar += 1;
      inText = textAtLastStar;
      inPattern = lastStar + 1;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === "*") inPattern += 1;
  return inPattern === pattern.length;
}
