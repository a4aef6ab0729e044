import { AwsError } from "./aws-error.ts";
import type { WireRequest } from "./http.ts";
import type { FlattenedMember } from "./xml.ts";

/** What AWS Query calls differently than the members of a service's operations. */
export interface QueryForm {
  /** XML namespace of the answers; made of the service's name and version if left out. */
  namespace?: string;
  /** Lists and maps, by member, that the form and the XML write without `member` and `entry`. */
  flattened: Readonly<Record<string, FlattenedMember>>;
  /** Top-level members that are numbers. */
  integers: readonly string[];
  /** Error codes by the code that the operations throw, where they differ. */
  errorCodes?: Readonly<Record<string, string>>;
  /** Members that the request gives elsewhere than in its form, which has the last word. */
  membersOf?: (request: WireRequest) => object;
}

/** The form of a service that speaks AWS Query alone. */
export const plainForm: QueryForm = { flattened: {}, integers: [] };

/** A name in a form has at most this many parts: more than any input shape has levels. */
const maximumNameParts = 32;

/**
 * `ActionNames.member.1=a` and `Tags.member.1.Key=k` as nested objects and lists; the signature of a presigned URL is
 * left out.
 *
 * @throws {AwsError} `MalformedInput` where a name has more parts than any member.
 */
export function formToInput(
  form: URLSearchParams,
  { flattened, integers, membersOf }: QueryForm,
  request: WireRequest,
): object {
  const root: FormNode = { value: undefined, children: new Map() };
  for (const [name, value] of form) {
    if (name === "Action" || name === "Version" || name.startsWith("X-Amz-")) continue;
    const parts = name.split(".", maximumNameParts + 1);
    if (parts.length > maximumNameParts) {
      throw new AwsError("MalformedInput", `A name in the form has more than ${maximumNameParts} parts`);
    }
    let node = root;
    for (const part of parts) {
      const child: FormNode = node.children.get(part) ?? { value: undefined, children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  const members = [...root.children].map(([name, node]): [string, unknown] => {
    const [member, shape] =
      Object.entries(flattened).find(([, { element }]) => element === name && node.children.size > 0) ?? [];
    if (member !== undefined && shape !== undefined) return [member, flattenedValue(node, shape)];
    const value = formValue(node);
    const isInteger = integers.includes(name) && typeof value === "string" && /^-?\d{1,15}$/.test(value);
    return [name, isInteger ? Number(value) : value];
  });
  return { ...membersOf?.(request), ...Object.fromEntries(members) };
}

interface FormNode {
  value: string | undefined;
  children: Map<string, FormNode>;
}

function formValue(node: FormNode): unknown {
  const members = node.children.get("member");
  if (members !== undefined) return inOrder(members).map(formValue);
  if (node.children.size === 0) return node.value;
  return Object.fromEntries([...node.children].map(([name, child]) => [name, formValue(child)]));
}

function flattenedValue(node: FormNode, { entry }: FlattenedMember): unknown {
  const elements = inOrder(node);
  if (entry === undefined) return elements.map(formValue);
  return Object.fromEntries(
    elements.map(({ children }) => {
      const value = children.get(entry.value);
      return [children.get(entry.key)?.value ?? "", value === undefined ? undefined : formValue(value)];
    }),
  );
}

function inOrder({ children }: FormNode): FormNode[] {
  return [...children].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}
