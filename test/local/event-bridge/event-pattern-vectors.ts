/**
 * Patterns and what they do with events. They follow the examples of EventBridge's user guide and of Event Ruler's
 * documentation and the cases that other emulators recorded against AWS; each was checked with Event Ruler 2.1.0.
 */
interface PatternVector {
  name: string;
  pattern: object;
  matching: object[];
  other: object[];
}

const value = (matching: unknown[], other: unknown[]) => ({
  matching: matching.map((field) => ({ field })),
  other: other.map((field) => ({ field })),
});

export const patternVectors: PatternVector[] = [
  {
    name: "a value in a list",
    pattern: { detail: { state: ["initializing", "running"] } },
    matching: [{ detail: { state: "running" } }, { detail: { state: "initializing", more: 1 } }],
    other: [{ detail: { state: "stopped" } }, { detail: { state: "Running" } }, { detail: {} }, {}],
  },
  {
    name: "all of several fields",
    pattern: { source: ["aws.sagemaker"], detail: { ModelCardStatus: ["Approved"] } },
    matching: [{ source: "aws.sagemaker", detail: { ModelCardStatus: "Approved" } }],
    other: [
      { source: "aws.sagemaker", detail: { ModelCardStatus: "Draft" } },
      { source: "aws.ec2", detail: { ModelCardStatus: "Approved" } },
    ],
  },
  { name: "an empty string", pattern: { field: [""] }, ...value([""], [null, "a", 0]) },
  { name: "null", pattern: { field: [null] }, ...value([null], ["", "null", 0, false, []]) },
  { name: "true", pattern: { field: [true] }, ...value([true, [false, true]], [false, "true", 1]) },
  { name: "a number", pattern: { field: [300] }, ...value([300, 3e2, [1, 300]], ["300", 301, null]) },
  { name: "a string of digits", pattern: { field: ["300"] }, ...value(["300"], [300]) },
  {
    name: "an array that shares a value",
    pattern: { resources: ["arn:a", "arn:b"] },
    matching: [{ resources: ["arn:x", "arn:b"] }, { resources: "arn:a" }, { resources: [["arn:a"]] }],
    other: [{ resources: ["arn:x"] }, { resources: [] }, { resources: "arn:ab" }],
  },
  {
    name: "JSON within a string as a string",
    pattern: { detail: { "my-key": ["my-value"] } },
    matching: [{ detail: { "my-key": "my-value" } }],
    other: [{ detail: '{"my-key": "my-value"}' }],
  },
  {
    name: "objects in arrays",
    pattern: { employees: { firstName: ["Anna"] } },
    matching: [
      { employees: [{ firstName: "John" }, { firstName: "Anna" }] },
      { employees: [[{ firstName: "Anna" }], [{ firstName: "Peter" }]] },
    ],
    other: [{ employees: [{ firstName: "John" }] }, { employees: ["Anna"] }],
  },
  {
    name: "fields of one array element only",
    pattern: { employees: { firstName: ["Anna"], lastName: ["Jones"] } },
    matching: [{ employees: [{ firstName: "Anna", lastName: "Jones" }] }],
    other: [
      {
        employees: [
          { firstName: "Anna", lastName: "Smith" },
          { firstName: "Peter", lastName: "Jones" },
        ],
      },
    ],
  },
  {
    name: "a field missing in the array element of the fields before it in the order of names",
    pattern: { a: { x: [{ exists: false }], b: [1] } },
    matching: [{ a: [{ x: 1 }, { b: 1 }] }, { a: { b: 1 } }],
    other: [{ a: [{ x: 1, b: 1 }] }],
  },
  {
    name: "a field missing everywhere if it is the first in the order of names",
    pattern: { a: { y: [1], x: [{ exists: false }] } },
    matching: [{ a: [{ y: 1 }, {}] }],
    other: [{ a: [{ x: 1 }, { y: 1 }] }],
  },
  {
    name: "a path with dots like nested objects",
    pattern: { detail: { "state.status": ["running"] } },
    matching: [{ detail: { state: { status: "running" } } }, { detail: { "state.status": "running" } }],
    other: [{ detail: { state: "running" } }],
  },
  {
    name: "a prefix",
    pattern: { field: [{ prefix: "2017-10-02" }] },
    ...value(["2017-10-02T18:43:48Z", "2017-10-02"], ["2017-10-03", "x2017-10-02", 20171002]),
  },
  { name: "an empty prefix", pattern: { field: [{ prefix: "" }] }, ...value(["", "a"], [null, 5]) },
  {
    name: "a prefix in any case",
    pattern: { field: [{ prefix: { "equals-ignore-case": "EventB" } }] },
    ...value(["eventbridge", "EVENTB"], ["event", "xEventB", 5]),
  },
  {
    name: "a suffix",
    pattern: { field: [{ suffix: ".png" }] },
    ...value(["a.png", ".png"], ["a.PNG", "a.png.bak", 5]),
  },
  {
    name: "a suffix in any case",
    pattern: { field: [{ suffix: { "equals-ignore-case": ".png" } }] },
    ...value(["a.PNG", "b.png"], ["png", null]),
  },
  {
    name: "a value in any case",
    pattern: { field: [{ "equals-ignore-case": "ALICE" }] },
    ...value(["alice", "Alice"], ["alice ", "", null]),
  },
  {
    name: "an empty value in any case",
    pattern: { field: [{ "equals-ignore-case": "" }] },
    ...value([""], ["a", null]),
  },
  {
    name: "anything but a string",
    pattern: { field: [{ "anything-but": "initializing" }] },
    ...value(["running", "", null, 5, true], ["initializing"]),
  },
  {
    name: "anything but a number",
    pattern: { field: [{ "anything-but": 123 }] },
    ...value([124, "123", null], [123]),
  },
  { name: "anything but zero", pattern: { field: [{ "anything-but": 0 }] }, ...value([1, "0"], [0]) },
  {
    name: "anything but some strings",
    pattern: { field: [{ "anything-but": ["stopped", "overloaded"] }] },
    ...value(["running", null, ["stopped", "running"]], ["stopped", "overloaded"]),
  },
  {
    name: "anything but some numbers",
    pattern: { field: [{ "anything-but": [100, 200] }] },
    ...value([150, "100"], [100, 200]),
  },
  {
    name: "anything but a prefix",
    pattern: { field: [{ "anything-but": { prefix: "init" } }] },
    ...value(["running", "Init", 5, null], ["init", "initializing"]),
  },
  {
    name: "anything but some prefixes",
    pattern: { field: [{ "anything-but": { prefix: ["init", "error"] } }] },
    ...value(["running"], ["initializing", "error!"]),
  },
  {
    name: "anything but some suffixes",
    pattern: { field: [{ "anything-but": { suffix: [".txt", ".rtf"] } }] },
    ...value([".txt.png", null], ["a.txt", "b.rtf"]),
  },
  {
    name: "anything but a string in any case",
    pattern: { field: [{ "anything-but": { "equals-ignore-case": ["initializing", "stopped"] } }] },
    ...value(["running", null], ["Initializing", "STOPPED"]),
  },
  {
    name: "anything but a wildcard",
    pattern: { field: [{ "anything-but": { wildcard: "*/lib/*" } }] },
    ...value(["dir/file", "lib/file", 5], ["dir/lib/file"]),
  },
  {
    name: "anything but an empty wildcard",
    pattern: { field: [{ "anything-but": { wildcard: "" } }] },
    ...value(["dir/init/file"], [""]),
  },
  {
    name: "numbers within a range",
    pattern: { field: [{ numeric: [">", 0, "<=", 5] }] },
    ...value([5, 0.1], [0, 5.1, "3", null]),
  },
  {
    name: "numbers below a bound",
    pattern: { field: [{ numeric: ["<", 10] }] },
    ...value([-5e9, 9.999], [10, "1"]),
  },
  {
    name: "an equal number",
    pattern: { field: [{ numeric: ["=", 3.018e2] }] },
    ...value([301.8], [301, "301.8"]),
  },
  {
    name: "a field that exists",
    pattern: { field: [{ exists: true }] },
    ...value(["", null, 0, ["a"]], [[], {}, { inner: 1 }]),
  },
  {
    name: "a field that does not exist",
    pattern: { detail: { "c-count": [{ exists: false }] } },
    matching: [{ detail: {} }, {}, { detail: { "c-count": { c1: 100 } } }, { detail: { "c-count": [] } }],
    other: [{ detail: { "c-count": 5 } }, { detail: { "c-count": null } }],
  },
  {
    name: "a field that exists in one element of an array",
    pattern: { detail: { automations: { id: [{ exists: true }] } } },
    matching: [{ detail: { automations: [{ key: 1 }, { id: "a" }] } }],
    other: [{ detail: { automations: [{ key: 1 }] } }],
  },
  {
    name: "another value, or no field",
    pattern: { image: { homemade: { S: [{ "anything-but": ["roses"] }, { exists: false }] } } },
    matching: [{ image: { purchased: { N: "789" } } }, { image: { homemade: { S: "tulips" } } }],
    other: [{ image: { homemade: { S: "roses" } } }],
  },
  {
    name: "the first of several expressions that fits",
    pattern: { field: [{ exists: true }, { prefix: "ignored" }] },
    ...value(["my-value"], []),
  },
  {
    name: "a number range beside anything but a string",
    pattern: { field: [{ numeric: [">", 100] }, { "anything-but": "101" }] },
    ...value(["42", 101], ["101"]),
  },
  {
    name: "a wildcard",
    pattern: { field: [{ wildcard: "/Users/*/doc.txt" }] },
    ...value(["/Users/a/b/doc.txt", "/Users//doc.txt"], ["/Users/doc.txt", "/Users/a/doc.txt.bak"]),
  },
  {
    name: "a wildcard with repeated parts",
    pattern: { field: [{ wildcard: "*dir/dir/*" }] },
    ...value(["dir/dir/dir/doc.txt", "dir/dir/"], ["dir/x/dir/"]),
  },
  { name: "a single star", pattern: { field: [{ wildcard: "*" }] }, ...value(["", "a"], [null, 5]) },
  {
    name: "an escaped star and backslash",
    pattern: { field: [{ wildcard: "a\\*b\\\\*" }] },
    ...value(["a*b\\", "a*b\\c"], ["axb\\", "a*b"]),
  },
  {
    name: "stars that could share a letter",
    pattern: { field: [{ wildcard: "a*a" }] },
    ...value(["aa", "aba"], ["a", "ab"]),
  },
  {
    name: "an IPv4 range",
    pattern: { field: [{ cidr: "10.0.0.0/24" }] },
    ...value(["10.0.0.0", "10.0.0.255"], ["10.0.1.0", "bad", "10.0.0", "2001:db8::", 5]),
  },
  {
    name: "an IPv4 range that does not begin at its address",
    pattern: { field: [{ cidr: "10.0.0.77/24" }] },
    ...value(["10.0.0.1"], ["10.0.1.77"]),
  },
  {
    name: "an IPv6 range",
    pattern: { field: [{ cidr: "2001:db8:1234:1a00::/56" }] },
    ...value(
      ["2001:0db8:1234:1a00:0000:0000:0000:0000", "2001:db8:1234:1aff::1"],
      ["2001:db8:1234:1b00::", "10.0.0.1"],
    ),
  },
  {
    name: "one address in another spelling",
    pattern: { field: ["2001:db8::1"] },
    ...value(["2001:0db8:0:0::0001"], ["2001:db8::2"]),
  },
  {
    name: "one of several fields by $or",
    pattern: {
      detail: {
        $or: [
          { "c-count": [{ numeric: [">", 0, "<=", 5] }] },
          { "d-count": [{ numeric: ["<", 10] }] },
          { "x-limit": [{ numeric: ["=", 3.018e2] }] },
        ],
      },
    },
    matching: [
      { detail: { "c-count": 0, "d-count": 0, "x-limit": 9.018e2 } },
      { detail: { "x-limit": 301.8 } },
    ],
    other: [{ detail: { "c-count": 0, "d-count": 10, "x-limit": 1 } }, { detail: {} }],
  },
  {
    name: "$or beside another field",
    pattern: {
      source: ["aws.cloudwatch"],
      $or: [
        { metricName: ["CPUUtilization"] },
        { metricType: ["MetricType"], $or: [{ metricId: [1234] }, { spaceId: [1000] }] },
      ],
    },
    matching: [
      { source: "aws.cloudwatch", metricName: "CPUUtilization" },
      { source: "aws.cloudwatch", metricType: "MetricType", spaceId: 1000 },
    ],
    other: [
      { source: "aws.ec2", metricName: "CPUUtilization" },
      { source: "aws.cloudwatch", metricType: "MetricType", spaceId: 1 },
      { source: "aws.cloudwatch" },
    ],
  },
  {
    name: "two $or at different depths",
    pattern: {
      $or: [{ a: [1] }, { b: [1] }],
      detail: { $or: [{ c: [1] }, { d: [1] }] },
    },
    matching: [
      { b: 1, detail: { c: 1 } },
      { a: 1, detail: { d: 1 } },
    ],
    other: [{ a: 1, detail: {} }, { detail: { c: 1, d: 1 } }],
  },
];

/** What EventBridge refuses, and the reason that it gives. */
export const refusedPatterns: [pattern: string, reason: string][] = [
  ['["not", "an object"]', "Filter is not an object"],
  ["{}", "Empty objects are not allowed"],
  ['{"detail": {}}', "Empty objects are not allowed"],
  ['{"int": 42}', '"int" must be an object or an array'],
  ['{"string": "my-value"}', '"string" must be an object or an array'],
  ['{"resources": []}', "Empty arrays are not allowed"],
  ['{"a": [[1]]}', "Match value must be String, number, true, false, or null"],
  ['{"a": [{}]}', "Match expression name not found"],
  ['{"my_key": [{"EXISTS": true}]}', "Unrecognized match type EXISTS"],
  ['{"detail": {"equal": [{"NUMERIC": ["=", 5]}]}}', "Unrecognized match type NUMERIC"],
  ['{"a": [{"prefix": "a", "suffix": "b"}]}', "Only one key allowed in match expression"],
  ['{"time": [{"prefix": 123}]}', "prefix match pattern must be a string"],
  ['{"time": [{"prefix": ["2022-07-13"]}]}', "prefix match pattern must be a string"],
  ['{"time": [{"prefix": {"wildcard": "a"}}]}', "Unsupported prefix pattern: wildcard"],
  ['{"FileName": [{"suffix": 123}]}', "suffix match pattern must be a string"],
  ['{"FileName": [{"suffix": [".png"]}]}', "suffix match pattern must be a string"],
  ['{"a": [{"equals-ignore-case": ["b"]}]}', "equals-ignore-case match pattern must be a string"],
  ['{"a": [{"equals-ignore-case": {"prefix": "b"}}]}', "equals-ignore-case match pattern must be a string"],
  ['{"a": [{"exists": "yes"}]}', "exists match pattern must be either true or false."],
  ['{"a": [{"wildcard": 123}]}', "wildcard match pattern must be a string"],
  ['{"a": [{"wildcard": ["*"]}]}', "wildcard match pattern must be a string"],
  ['{"a": [{"wildcard": "arn:**:event-bus/*"}]}', "Consecutive wildcard characters at pos 5"],
  ['{"a": [{"wildcard": "é**"}]}', "Consecutive wildcard characters at pos 3"],
  [String.raw`{"a": [{"wildcard": "a\\b"}]}`, "Invalid escape character at pos 2"],
  [
    '{"EventBusArn": [{"wildcard": "*:*:*:*:*:event-bus/*"}]}',
    "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
  ],
  ['{"a": [{"numeric": "x"}]}', "Value of numeric must be an array."],
  ['{"a": [{"numeric": []}]}', "Invalid member in numeric match: ]"],
  ['{"a": [{"numeric": [1, 2]}]}', "Invalid member in numeric match: 1"],
  ['{"a": [{"numeric": ["=", "5"]}]}', "Value of equals must be numeric"],
  ['{"a": [{"numeric": ["!=", 5]}]}', "Unrecognized numeric range operator: !="],
  ['{"detail": {"c-count": [{"numeric": [">", 0, ">", 0]}]}}', "Bad numeric range operator: >"],
  ['{"detail": {"c-count": [{"numeric": [">", 0, "<"]}]}}', "Value of < must be numeric"],
  ['{"a": [{"numeric": [">", 0, 5]}]}', "Bad value in numeric range: 5"],
  ['{"a": [{"numeric": ["<", 0, ">", 5]}]}', "Too many elements in numeric expression"],
  ['{"a": [{"numeric": [">", 0, "<", 5, "<"]}]}', "Too many terms in numeric range expression"],
  ['{"a": [{"numeric": [">", 5, "<", 5]}]}', "Bottom must be less than top"],
  ['{"a": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
  ['{"a": [{"cidr": "10.0.0.0/xx"}]}', "Malformed CIDR, mask bits must be an integer"],
  ['{"a": [{"cidr": "10.0.0.0/-1"}]}', "Malformed CIDR, mask bits must not be negative"],
  ['{"a": [{"cidr": "10.0.0.0/32"}]}', "IPv4 mask bits must be < 32"],
  ['{"a": [{"cidr": "2001:db8::/128"}]}', "IPv6 mask bits must be < 128"],
  ['{"a": [{"cidr": "xx.11.xx/8"}]}', "Nonstandard IP address: xx.11.xx"],
  ['{"a": [{"cidr": "xxxx:db8:1234:1a00::/56"}]}', "Nonstandard IP address: xxxx:db8:1234:1a00::"],
  ['{"a": [{"cidr": "10.0.0.256/8"}]}', "Invalid IP address: 10.0.0.256"],
  ['{"a": [{"cidr": ["bad-type"]}]}', "prefix match pattern must be a string"],
  [
    '{"a": [{"anything-but": null}]}',
    "Value of anything-but must be an array or single string/number value.",
  ],
  ['{"a": [{"anything-but": [null]}]}', "Inside anything but list, start|null|boolean is not supported."],
  [
    '{"a": [{"anything-but": ["a", 1]}]}',
    "Inside anything but list, either all values are number or string, mixed type is not supported",
  ],
  ['{"a": [{"anything-but": {}}]}', "Anything-But expression name not found"],
  ['{"a": [{"anything-but": {"numeric": 5}}]}', "Unsupported anything-but pattern: numeric"],
  [
    '{"a": [{"anything-but": {"prefix": {"equals-ignore-case": "file"}}}]}',
    "Value of anything-but must be an array or single string/number value.",
  ],
  ['{"a": [{"anything-but": {"prefix": 123}}]}', "prefix/suffix match pattern must be a string"],
  ['{"a": [{"anything-but": {"suffix": [123, ".txt"]}}]}', "prefix/suffix match pattern must be a string"],
  ['{"a": [{"anything-but": {"prefix": ""}}]}', "Null prefix/suffix not allowed"],
  ['{"a": [{"anything-but": {"wildcard": 123}}]}', "wildcard match pattern must be a string"],
  [
    '{"a": [{"anything-but": {"equals-ignore-case": 123}}]}',
    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
  ],
  ['{"$or": {"a": [1]}}', "It must be an Array followed with $or."],
  ['{"$or": [{"a": [1]}]}', "There must have at least 2 Objects in $or relationship."],
  ['{"$or": [{"a": [1]}, 5]}', "Only JSON object is allowed in array of $or relationship."],
  [
    '{"$or": [{"numeric": [1]}, {"a": [1]}]}',
    "numeric is Ruler reserved fieldName which cannot be used inside $or.",
  ],
];
