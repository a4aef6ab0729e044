import { AwsCallFailedError, AwsUnavailableError } from "../errors.ts";

/**
 * Runs one AWS call and turns its failure into an error of ours.
 *
 * @param operation - What is called, for people, for example `RAM AssociateResourceShare`.
 * @param expected - Answers for the AWS errors that are ordinary here, by error name.
 * @throws {AwsUnavailableError} AWS throttled or failed, and the SDK's own retries are used up (transient).
 * @throws {AwsCallFailedError} AWS refused the call (permanent); `cause` is the SDK's error.
 */
export async function awsCall<Result, Expected = never>(
  operation: string,
  call: () => Promise<Result>,
  expected: Record<string, (error: Error) => Expected> = {},
): Promise<Result | Expected> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const answer = Object.hasOwn(expected, error.name) ? expected[error.name] : undefined;
    if (answer !== undefined) return answer(error);
    if (isTransient(error)) {
      throw new AwsUnavailableError(
        `${operation} is throttled or unavailable: ${error.name}. It is tried again.`,
        {
          cause: error,
          operation,
        },
      );
    }
    throw new AwsCallFailedError(`${operation} was refused: ${error.name}: ${error.message}`, {
      cause: error,
      operation,
    });
  }
}

const transientNames =
  /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|ServiceUnavailable|SlowDown|Internal|Timeout|ETIMEDOUT|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|NetworkingError/;

function isTransient(error: Error & { $metadata?: { httpStatusCode?: number }; code?: string }): boolean {
  const status = error.$metadata?.httpStatusCode;
  if (status !== undefined && (status >= 500 || status === 429)) return true;
  return transientNames.test(error.name) || transientNames.test(error.code ?? "");
}

/** All pages of a list call, also where AWS answers an empty page that has a successor. */
export async function allPages<Item>(
  page: (
    nextToken: string | undefined,
  ) => Promise<{ items: Item[] | undefined; nextToken: string | undefined }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await page(nextToken);
    items.push(...(answer.items ?? []));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return items;
}
