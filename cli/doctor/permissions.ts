import { GetPermissionCommand, ListPermissionsCommand } from "@aws-sdk/client-ram";
import * as z from "zod";
import { allPages } from "../../functions/aws/aws-call.ts";
import { type Access, awsCommand } from "../access.ts";
import type { Clients } from "./clients.ts";
import { type Finding, cannotTell, ok, toDo } from "../finding.ts";
import { type Reading, read, unseenFinding } from "../reading.ts";

export interface PermissionFacts {
  /** RAM's permissions for model cards in the Region. */
  permissions: Reading<SharePermission[]>;
  /** What the default one lets principals do; not read where there is no default. */
  defaultActions?: Reading<string[] | "not understood">;
}

interface SharePermission {
  name: string;
  arn: string;
  isDefault: boolean;
  /** RAM's word, of which only `ATTACHABLE` is of use. */
  status: string;
}

const check = "RAM permissions";
const resourceType = "sagemaker:ModelCard";
const neededActions = [
  "sagemaker:DescribeModelCard",
  "sagemaker:ListModelCardVersions",
  "sagemaker:UpdateModelCard",
];

const PermissionTextSchema = z.object({
  Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
});

/** @see https://docs.aws.amazon.com/ram/latest/APIReference/API_ListPermissions.html */
export async function readPermissions({ ram }: Pick<Clients, "ram">): Promise<PermissionFacts> {
  const permissions = await read("ram:ListPermissions", async () => {
    const listed = await allPages(async (nextToken) => {
      const answer = await ram.send(new ListPermissionsCommand({ resourceType, nextToken }));
      return { items: answer.permissions, nextToken: answer.nextToken };
    });
    return listed.map(({ name = "", arn = "", isResourceTypeDefault = false, status = "" }) => ({
      name,
      arn,
      isDefault: isResourceTypeDefault,
      status,
    }));
  });
  const byDefault = "seen" in permissions ? permissions.seen.find(({ isDefault }) => isDefault) : undefined;
  if (byDefault === undefined) return { permissions };
  const defaultActions = await read("ram:GetPermission", async () => {
    const { permission } = await ram.send(new GetPermissionCommand({ permissionArn: byDefault.arn }));
    return actionsOf(permission?.permission ?? "");
  });
  return { permissions, defaultActions };
}

function actionsOf(text: string): string[] | "not understood" {
  try {
    return PermissionTextSchema.safeParse(JSON.parse(text)).data?.Action ?? "not understood";
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return "not understood";
  }
}

/** Cardway names no permission, so RAM gives its shares the default one: whether that exists and is what it needs. */
export function judgePermissions({ permissions, defaultActions }: PermissionFacts, access: Access): Finding {
  if ("unseen" in permissions) return unseenFinding(check, permissions.unseen);
  const names = permissions.seen.map(({ name }) => name).join(", ");
  if (permissions.seen.length === 0) {
    return toDo(
      check,
      `RAM knows no permission for ${resourceType} in ${access.region}: model cards cannot be shared there.`,
      "Choose another Region in lifecycle.config.ts (deployment.region), where the model cards are and can be shared.",
    );
  }
  const byDefault = permissions.seen.find(({ isDefault }) => isDefault);
  if (byDefault === undefined || defaultActions === undefined) {
    return toDo(
      check,
      `RAM marks none of ${names} as the default for ${resourceType}, which Cardway's shares rely on.`,
      "Ask AWS Support which permission new shares of model cards get.",
    );
  }
  if (byDefault.status !== "ATTACHABLE") {
    return toDo(
      check,
      `RAM's default permission ${byDefault.arn} is ${byDefault.status || "without a status"}, not ATTACHABLE.`,
      "Ask AWS Support; shares of model cards cannot be made until it is.",
    );
  }
  if ("unseen" in defaultActions) return unseenFinding(check, defaultActions.unseen);
  const actions = defaultActions.seen;
  if (actions === "not understood") {
    return cannotTell(
      check,
      `What RAM's default permission ${byDefault.arn} allows is written in a way that is not known here.`,
      `See whether it allows ${neededActions.join(", ")}:`,
      awsCommand(access, `ram get-permission --permission-arn ${byDefault.arn}`),
    );
  }
  const missing = neededActions.filter((action) => !actions.includes(action));
  if (missing.length > 0) {
    return toDo(
      check,
      `RAM's default permission ${byDefault.arn} does not allow ${missing.join(", ")}.`,
      "Stages cannot work on cards with it: ask AWS Support what the permission for model cards is now, before deploying.",
    );
  }
  const others = permissions.seen.length - 1;
  return ok(
    check,
    `Shares get ${byDefault.arn} by default, which is attachable and allows what Cardway needs (${others} other${others === 1 ? "" : "s"}).`,
  );
}
