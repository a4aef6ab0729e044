import { AwsCallFailedError } from "../../functions/errors.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { contentChanges } from "../content-changes.ts";
import { expectedSections, memberName, readContent } from "../model-card-content.ts";

/** How many changes a version made in which section of the content, by the section's name. Never what is written there. */
export type SectionChanges = ReadonlyMap<string, number>;

/** Versions that are compared with the one before, the newest ones: each takes a call of SageMaker's. */
const mostCompared = 10;

/** What has no name of SageMaker's own: such a name is somebody's words. */
const otherContent = "Other content";

const sectionNames = new Set(expectedSections.map((section) => memberName(section)));

/**
 * What the newest versions of a card changed.
 *
 * @param newest - Number of the newest version.
 * @returns By version; `undefined` where the content may not be read here.
 */
export async function readVersionChanges(
  modelCardArn: string,
  newest: number,
  { modelCards }: Pick<QuerySources, "modelCards">,
): Promise<ReadonlyMap<number, SectionChanges> | undefined> {
  const oldest = Math.max(1, newest - mostCompared);
  const numbers = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
  try {
    const contents = await Promise.all(
      numbers.map(async (version) => readContent(await modelCards.content(modelCardArn, version))),
    );
    return new Map(
      contents.flatMap((after, index) => {
        const before = contents[index - 1];
        const version = numbers[index];
        return before === undefined || version === undefined
          ? []
          : [[version, bySection(contentChanges(before, after).map(({ path }) => path[0]))] as const];
      }),
    );
  } catch (error) {
    if (error instanceof AwsCallFailedError) return undefined;
    throw error;
  }
}

function bySection(changed: readonly (string | undefined)[]): SectionChanges {
  const counts = new Map<string, number>();
  for (const section of changed) {
    const name = section !== undefined && sectionNames.has(section) ? section : otherContent;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
