import { AwsError } from "../wire/aws-error.ts";

/** A member that this service does not know, which dynalite would drop in silence. */
export class UnmodelledMemberError extends AwsError {
  readonly member: string;

  constructor(member: string) {
    super("ValidationException", `${member} is not modelled by the local endpoint.`);
    this.member = member;
  }
}

/**
 * Refuses members that dynalite does not know. Attribute values and maps are left to its own checks.
 *
 * @param types - dynalite's types: member name → type name, or `{ type, children }`.
 * @throws {UnmodelledMemberError}
 */
export function requireModelledMembers(input: object, types: object, path = ""): void {
  const known = new Map(Object.entries(types));
  for (const [name, value] of Object.entries(input)) {
    const type: unknown = known.get(name);
    if (type === undefined) throw new UnmodelledMemberError(path + name);
    requireModelledValue(value, type, `${path}${name}.`);
  }
}

function requireModelledValue(value: unknown, type: unknown, path: string): void {
  if (typeof value !== "object" || value === null || typeof type !== "object" || type === null) return;
  const children: unknown = "children" in type ? type.children : undefined;
  if (typeof children !== "object" || children === null) return;
  const kind = "type" in type ? String(type.type) : "";
  if (Array.isArray(value) || kind.includes("Map")) {
    for (const element of Object.values(value)) requireModelledValue(element, children, path);
  } else if (kind.includes("Struct")) requireModelledMembers(value, children, path);
}
