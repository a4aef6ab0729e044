import { invalidPattern } from "./invalid-pattern.ts";

/** One element of a wildcard pattern: a literal character, or `null` for `*`. */
type WildcardToken = string | null;

/** More prefixes of wildcard patterns than this, reachable at once, and EventBridge refuses the rule. */
const maximumComplexity = 10;

/** Enough for every pattern that fits into a rule; beyond it the pattern counts as too complex. */
const maximumStatesExplored = 5000;

/**
 * Splits a wildcard pattern into literals and stars. `\*` is an asterisk, `\\` a backslash.
 *
 * @throws {AwsError} `InvalidEventPatternException` on `**` and on any other escape. Positions count UTF-8 bytes, and the quote
 *   in front of the value is position 0.
 */
export function parseWildcard(pattern: string): WildcardToken[] {
  const tokens: WildcardToken[] = [];
  const characters = Array.from(pattern);
  let position = 1;
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? "";
    const next = characters[index + 1];
    if (character === "*") {
      if (next === "*") throw invalidPattern(`Consecutive wildcard characters at pos ${position}`);
      tokens.push(null);
    } else if (character === "\\") {
      if (next !== "*" && next !== "\\") throw invalidPattern(`Invalid escape character at pos ${position}`);
      tokens.push(next);
      index += 1;
      position += 1;
    } else {
      tokens.push(character);
    }
    position += Buffer.byteLength(character);
  }
  return tokens;
}

/** Tests whole strings against a parsed pattern; `*` stands for any number of characters, none included. */
export function wildcardMatcher(tokens: readonly WildcardToken[]): (text: string) => boolean {
  const literals = [""];
  for (const token of tokens) {
    if (token === null) literals.push("");
    else literals[literals.length - 1] += token;
  }
  const prefix = literals.shift() ?? "";
  const suffix = literals.pop();
  if (suffix === undefined) return (text) => text === prefix;
  return (text) => {
    if (!text.startsWith(prefix)) return false;
    let position = prefix.length;
    for (const literal of literals) {
      const found = text.indexOf(literal, position);
      if (found < 0) return false;
      position = found + literal.length;
    }
    return text.length - suffix.length >= position && text.endsWith(suffix);
  };
}

/**
 * Whether EventBridge refuses the wildcards of one field, because a value could be within too many prefixes of them at
 * once. The measure is Event Ruler's `MachineComplexityEvaluator`; that EventBridge refuses more than ten is inferred
 * from patterns that it is known to accept and refuse.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity
 */
export function isTooComplex(patterns: readonly (readonly WildcardToken[])[]): boolean {
  if (patterns.length === 0) return false;
  const machines = patterns.map((tokens) => ['"', ...tokens, '"']);
  const alphabet = new Set<WildcardToken>(machines.flat().filter((token) => token !== null));
  // One representative of all characters that no pattern names.
  alphabet.add("");
  const start = machines.map(() => new Set([0]));
  const seen = new Set<string>([stateKey(start)]);
  const pending = [start];
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    for (const character of alphabet) {
      const next = machines.map((tokens, index) => advance(tokens, state[index] ?? new Set(), character));
      const size = next.reduce((sum, positions) => sum + positions.size, 0);
      if (size > maximumComplexity || seen.size > maximumStatesExplored) return true;
      const key = stateKey(next);
      if (size === 0 || seen.has(key)) continue;
      seen.add(key);
      pending.push(next);
    }
  }
  return false;
}

/** Positions reached from `positions` by one character, a star being passable without any. */
function advance(
  tokens: readonly WildcardToken[],
  positions: Set<number>,
  character: WildcardToken,
): Set<number> {
  const reached = new Set<number>();
  for (const position of positions) {
    // Behind a star, any character stays there.
    if (tokens[position - 1] === null) reached.add(position);
    if (tokens[position] !== character) continue;
    reached.add(position + 1);
    if (tokens[position + 1] === null) reached.add(position + 2);
  }
  return reached;
}

function stateKey(state: readonly Set<number>[]): string {
  return state.map((positions) => [...positions].sort((a, b) => a - b).join(",")).join(";");
}
