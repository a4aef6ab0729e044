/**
 * Writes a value as JSON that {@link readStored} reads back as it was: dates, maps and sets are objects with one member,
 * `{"$date": 0}`, `{"$map": [["key", 1]]}`, `{"$set": [1]}`. Members that are `undefined` are left out.
 */
export function writeStored(value: unknown): string | undefined {
  return JSON.stringify(value, function replace(this: object, key: string, member: unknown) {
    // A date has become text before this is called.
    const original: unknown = Reflect.get(this, key);
    if (original instanceof Date) return { $date: original.getTime() };
    if (original instanceof Map) return { $map: [...original] };
    if (original instanceof Set) return { $set: [...original] };
    // An object of a user's that looks like one of these.
    if (markOf(member) !== undefined && isPlain(member)) return { $object: Object.entries(member) };
    return member;
  });
}

/**
 * @param json - What {@link writeStored} has written.
 * @returns what was written; that it has its type is up to the format version of the file.
 */
export function readStored(json: string): ReturnType<typeof JSON.parse> {
  return JSON.parse(json, (_key, member: unknown) => {
    const mark = markOf(member);
    if (mark === undefined || !isPlain(member)) return member;
    const content: unknown = Reflect.get(member, mark);
    if (mark === "$date" && typeof content === "number") return new Date(content);
    if (!Array.isArray(content)) return member;
    if (mark === "$map") return new Map(content);
    if (mark === "$set") return new Set(content);
    return mark === "$object" ? Object.fromEntries(content) : member;
  });
}

function markOf(value: unknown): string | undefined {
  if (!isPlain(value)) return undefined;
  const [first, second] = Object.keys(value);
  return first?.startsWith("$") === true && second === undefined ? first : undefined;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
