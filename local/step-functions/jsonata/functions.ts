import { createHash } from "node:crypto";
import jsonata from "jsonata";
import type { LocalContext } from "../../context.ts";
import { parseBoundedJson } from "../../wire/bounded-json.ts";

/** Longest array that `$range` makes in AWS. */
const longestRange = 360_145;

const hashAlgorithms: Record<string, string> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/**
 * Gives an expression the functions that Step Functions adds to JSONata, replaces those of JSONata that would use the
 * machine's own clock and randomness, and takes away `$eval`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function registerFunctions(
  expression: jsonata.Expression,
  { clock, newId, random }: Pick<LocalContext, "clock" | "newId" | "random">,
): void {
  const nowMs = (): number => clock.now().getTime();
  expression.registerFunction("partition", partition, "<a?n?:a>");
  expression.registerFunction("range", range, "<n?n?n?:a>");
  expression.registerFunction("hash", hash, "<s?s?:s>");
  expression.registerFunction(
    "random",
    (seed: number | undefined) => (seed === undefined ? random() : seededRandom(seed)),
    "<n?:n>",
  );
  expression.registerFunction("uuid", newId, "<:s>");
  expression.registerFunction("parse", parse, "<s?:x>");
  expression.registerFunction("millis", nowMs, "<:n>");
  expression.registerFunction(
    "now",
    (picture: string | undefined, timezone: string | undefined) =>
      fromMillis.evaluate(undefined, { at: nowMs(), picture, timezone }),
    "<s?s?:s>",
  );
  expression.registerFunction("shuffle", (array: unknown[] | undefined) => shuffle(array, random), "<a?:a>");
  expression.assign("eval", undefined);
}

/** `jsonata` exports no formatter of its own, so `$now` asks an expression. */
const fromMillis = jsonata("$fromMillis($at, $picture, $timezone)");

function partition(array: unknown[] | undefined, chunkSize: number | undefined): unknown[][] | undefined {
  const size = Math.trunc(chunkSize ?? 0);
  if (array === undefined || array.length === 0 || size < 1) return undefined;
  const chunks: unknown[][] = [];
  for (let start = 0; start < array.length; start += size) chunks.push(array.slice(start, start + size));
  return chunks;
}

function range(
  start: number | undefined,
  end: number | undefined,
  step: number | undefined,
): number[] | number | undefined {
  if (start === undefined || end === undefined || step === undefined) return undefined;
  const [first, last, by] = [Math.trunc(start), Math.trunc(end), Math.trunc(step)];
  if (by === 0 || (last - first) * by < 0) return undefined;
  const length = Math.floor((last - first) / by) + 1;
  if (length > longestRange) {
    throw new Error("Expression evaluation memory limit exceeded: Check for excessive memory usage");
  }
  // Like every sequence of one member in JSONata, a range of one number is that number.
  if (length === 1) return first;
  return Array.from({ length }, (_, index) => first + index * by);
}

function hash(text: string | undefined, algorithm: string | undefined): string | undefined {
  if (text === undefined || algorithm === undefined) return undefined;
  const name = Object.hasOwn(hashAlgorithms, algorithm) ? hashAlgorithms[algorithm] : undefined;
  if (name === undefined) {
    throw new Error(
      `The second argument of the hash function must be one of: ${Object.keys(hashAlgorithms).join(", ")}`,
    );
  }
  return createHash(name).update(text).digest("hex");
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseBoundedJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // V8's own text would repeat what stands in the payload.
    throw new Error("The argument of the parse function is not valid JSON", { cause: error });
  }
}

/** The first `nextDouble` of `java.util.Random`: the same seed gives the same number, as in AWS. */
function seededRandom(seed: number): number {
  const multiplier = 0x5deece66dn;
  const mask = (1n << 48n) - 1n;
  let state = (BigInt(Math.trunc(seed)) ^ multiplier) & mask;
  const next = (bits: bigint): bigint => {
    state = (state * multiplier + 0xbn) & mask;
    return state >> (48n - bits);
  };
  return Number((next(26n) << 27n) + next(27n)) / 2 ** 53;
}

function shuffle(array: unknown[] | undefined, random: () => number): unknown[] | undefined {
  if (array === undefined) return undefined;
  const shuffled = [...array];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
  }
  return shuffled;
}
