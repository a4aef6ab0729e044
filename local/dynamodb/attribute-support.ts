import { AwsError } from "../wire/aws-error.ts";
import { UnmodelledMemberError } from "./modelled-members.ts";

/** An attribute's value is level 1, what is in its list or map is level 2. */
const maximumLevels = 32;

/** Members that hold attribute values by name. */
const attributeMaps = new Set(["Item", "Key", "ExpressionAttributeValues"]);

/**
 * Refuses values that nest deeper than DynamoDB allows, and attributes with the name of a property that every JavaScript
 * object has, such as `__proto__` or `constructor`: dynalite would lose the one and find the other in every item.
 *
 * @throws {AwsError} `ValidationException`
 * @throws {UnmodelledMemberError}
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export function requireSupportedAttributes(input: object): void {
  for (const [member, value] of Object.entries(input)) {
    requireSupportedName(member);
    if (attributeMaps.has(member)) requireSupportedValues(value, 1);
    else if (member === "ExpressionAttributeNames") requireSupportedNames(Object.values(Object(value)));
    else if (member === "AttributeName" || member === "AttributesToGet")
      requireSupportedNames([value].flat());
    else if (member.endsWith("Expression") && typeof value === "string") {
      // Names behind `#` and `:` are placeholders.
      requireSupportedNames(value.match(/(?<![#:\w])[a-z_]\w*/gi) ?? []);
    } else if (typeof value === "object" && value !== null) requireSupportedAttributes(value);
  }
}

/** The error of a request that is nested too deep to be looked at, and of one that is nested too deep to be stored. */
export function nestedTooDeep(): AwsError {
  return new AwsError(
    "ValidationException",
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
  );
}

function requireSupportedValues(map: unknown, level: number): void {
  for (const [name, value] of Object.entries(Object(map))) {
    requireSupportedName(name);
    requireSupportedValue(value, level);
  }
}

function requireSupportedValue(value: unknown, level: number): void {
  if (level > maximumLevels) throw nestedTooDeep();
  if (typeof value !== "object" || value === null) return;
  if ("M" in value) requireSupportedValues(value.M, level + 1);
  if ("L" in value && Array.isArray(value.L)) {
    for (const element of value.L) requireSupportedValue(element, level + 1);
  }
}

function requireSupportedNames(names: readonly unknown[]): void {
  for (const name of names) {
    if (typeof name === "string") requireSupportedName(name);
  }
}

function requireSupportedName(name: string): void {
  if (name in Object.prototype) throw new UnmodelledMemberError(`the name ${name}`);
}
