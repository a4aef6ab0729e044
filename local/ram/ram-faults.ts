import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import type { RamBehaviour } from "./ram-behaviour.ts";

/** What an empty first page tells to go on with. */
const emptyPageToken = "after-an-empty-page";

const ListRequestSchema = z.looseObject({ nextToken: z.string().optional() });

/** A route that throttles, and lists that begin with an empty page, while the behaviour says so. */
export function withFaults(route: Route, behaviour: RamBehaviour): Route {
  return { ...route, operation: faulty(route.operation, behaviour) };
}

function faulty(operation: Operation, behaviour: RamBehaviour): Operation {
  return {
    prepare(raw) {
      const { nextToken, ...firstPage } = ListRequestSchema.safeParse(raw).data ?? {};
      const outcome = operation.prepare(nextToken === emptyPageToken ? firstPage : raw);
      if ("invalid" in outcome) return outcome;
      const { permissions, run } = outcome.prepared;
      return {
        prepared: {
          permissions,
          async run(call) {
            const [action = ""] = permissions(call).map((permission) => permission.action);
            if (behaviour.throttle(action.replace("ram:", ""))) {
              throw new AwsError("ThrottlingException", "Rate exceeded", 429);
            }
            const answer = await run(call);
            return nextToken === undefined && behaviour.emptyPages && "nextToken" in answer
              ? emptied(answer)
              : answer;
          },
        },
      };
    },
  };
}

function emptied(answer: object): object {
  const members = Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? [] : value]);
  return { ...Object.fromEntries(members), nextToken: emptyPageToken };
}
