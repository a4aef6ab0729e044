import { describe, expect, it } from "vitest";
import {
  checkDefinition,
  type KnownResources,
} from "../../../../local/step-functions/definition/check-definition.ts";
import { describeDiagnostics } from "../../../../local/step-functions/definition/diagnostic.ts";
import { publicSchemaFaults } from "../../../../local/step-functions/definition/public-schema.ts";
import { TaskResources } from "../../../../local/step-functions/task-resources.ts";
import { callbackTask, machine, task } from "../step-functions-in-process.ts";

const resources: KnownResources = new TaskResources({
  invokeLambda: () => Promise.reject(new Error("not called")),
  roleMay: () => false,
  newId: () => "",
});
const check = (definition: object | string) => {
  const text = typeof definition === "string" ? definition : JSON.stringify(definition);
  const checked = checkDefinition(text, resources);
  return "faults" in checked ? checked.faults : [];
};
/** Faults as `code location: message`. */
const faults = (definition: object | string) =>
  check(definition).map(({ code, location, message }) => `${code} ${location}: ${message}`);
const pass = { Type: "Pass", End: true };
const done = { Done: { Type: "Succeed" } };

/** One machine with every state and field that the engine runs. */
const everything = {
  Comment: "all of it",
  Version: "1.0",
  TimeoutSeconds: 3600,
  QueryLanguage: "JSONata",
  StartAt: "Start",
  States: {
    Start: {
      Type: "Pass",
      Comment: "c",
      QueryLanguage: "JSONata",
      Assign: { a: 1 },
      Output: "{% $a %}",
      Next: "Call",
    },
    Call: task("f", {
      TimeoutSeconds: "{% 60 %}",
      Retry: [
        {
          ErrorEquals: ["A", "B"],
          IntervalSeconds: 2,
          MaxAttempts: 0,
          BackoffRate: 1.5,
          MaxDelaySeconds: 60,
          JitterStrategy: "FULL",
        },
        { ErrorEquals: ["States.ALL"] },
      ],
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Next: "Stop",
          Output: "{% $states.errorOutput.Cause %}",
          Assign: { failure: "{% $states.errorOutput %}" },
        },
      ],
      Output: "{% $states.result.Payload %}",
      Next: "Ask",
    }),
    Ask: callbackTask("ask", { TimeoutSeconds: 100, HeartbeatSeconds: 10, Next: "Choose" }),
    Choose: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $states.input.n > 1 %}", Next: "Wait", Output: 1, Assign: { b: 2 } },
        { Condition: "{% true %}", Next: "Until" },
      ],
      Default: "Wait",
      Output: {},
    },
    Wait: { Type: "Wait", Seconds: "{% 1 %}", Next: "Both" },
    Until: { Type: "Wait", Timestamp: "2026-01-01T00:00:00Z", Next: "Both" },
    Both: {
      Type: "Parallel",
      Arguments: { x: "{% $states.input %}" },
      Branches: [{ StartAt: "Left", States: { Left: pass } }],
      Next: "Each",
    },
    Each: {
      Type: "Map",
      Items: "{% $states.input %}",
      ItemSelector: { item: "{% $states.context.Map.Item.Value %}" },
      MaxConcurrency: 2,
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "Item",
        States: { Item: pass },
      },
      Next: "Done",
    },
    ...done,
    Stop: { Type: "Fail", Error: "{% 'E' %}", Cause: "text" },
  },
};

describe("checkDefinition", () => {
  it("lets everything pass that the engine runs, and so does the public schema", async () => {
    expect(faults(everything)).toStrictEqual([]);
    expect(await publicSchemaFaults(JSON.stringify(everything))).toStrictEqual([]);
  });

  it("says what is not JSON, and what is not an object", () => {
    expect(check("not a definition")[0]).toMatchObject({ code: "INVALID_JSON_DESCRIPTION" });
    expect(check("not a definition")[0]).not.toHaveProperty("location");
    expect(faults("[]")).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /: Definition must be a valid JSON object",
    ]);
  });

  it("names the missing fields of one place in one sentence", () => {
    expect(faults({ QueryLanguage: "JSONata" })).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /: These fields are required: [StartAt, States]",
    ]);
    expect(faults(machine({ A: { End: true } }))).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /States/A: These fields are required: [Type]",
    ]);
    expect(faults(machine({ A: { Type: "Task", End: true, Catch: [{}] } }))).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /States/A/Catch[0]: These fields are required: [ErrorEquals, Next]",
      "SCHEMA_VALIDATION_FAILED /States/A: These fields are required: [Resource]",
    ]);
  });

  it.each([
    ["none", { StartAt: "A", States: { A: pass } }],
    ["JSONPath", { QueryLanguage: "JSONPath", StartAt: "A", States: { A: pass } }],
  ])("refuses a machine whose query language is %s", (_, definition) => {
    expect(faults(definition)).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /QueryLanguage: The query language JSONPath is not built in the local endpoint; " +
        "set the top-level 'QueryLanguage' to 'JSONata'",
    ]);
  });

  it.each(["InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "Result"])(
    "refuses the JSONPath field %s instead of ignoring it",
    (field) => {
      expect(faults(machine({ A: { ...pass, [field]: "$.x" } }))).toStrictEqual([
        `SCHEMA_VALIDATION_FAILED /States/A: The QueryLanguage is set to 'JSONata', but field '${field}' ` +
          "is only supported for the 'JSONPath' QueryLanguage",
      ]);
    },
  );

  it("refuses a state that goes back to JSONPath", () => {
    expect(faults(machine({ A: { ...pass, QueryLanguage: "JSONPath" } }))).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /States/A: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    ]);
  });

  const mapWith = (more: object, processor: object = {}) =>
    machine({
      M: {
        Type: "Map",
        End: true,
        ItemProcessor: { StartAt: "P", States: { P: pass }, ...processor },
        ...more,
      },
    });

  it.each([
    ["Credentials", machine({ A: task("f", { Credentials: {}, End: true }) }), "/States/A"],
    ["ItemReader", mapWith({ ItemReader: {} }), "/States/M"],
    ["ToleratedFailureCount", mapWith({ ToleratedFailureCount: 1 }), "/States/M"],
    ["ResultWriter", mapWith({ ResultWriter: {} }), "/States/M"],
  ])("refuses %s, which is not built", (field, definition, location) => {
    expect(faults(definition)).toStrictEqual([
      `SCHEMA_VALIDATION_FAILED ${location}: Field '${field}' is not built in the local endpoint`,
    ]);
  });

  it("refuses a distributed Map", () => {
    expect(faults(mapWith({}, { ProcessorConfig: { Mode: "DISTRIBUTED" } }))).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /States/M/ItemProcessor/ProcessorConfig/Mode: A distributed Map is not built in the local endpoint",
    ]);
  });

  it.each([
    ["a machine", { ...machine({ A: pass }), Colour: "red" }, "/", "Colour"],
    ["a state", machine({ A: { ...pass, Colour: "red" } }), "/States/A", "Colour"],
    ["a Pass state with Retry", machine({ A: { ...pass, Retry: [] } }), "/States/A", "Retry"],
    [
      "a retrier",
      machine({ A: task("f", { Retry: [{ ErrorEquals: ["A"], Interval: 1 }], End: true }) }),
      "/States/A/Retry[0]",
      "Interval",
    ],
    [
      "an item processor",
      mapWith({}, { QueryLanguage: "JSONata" }),
      "/States/M/ItemProcessor",
      "QueryLanguage",
    ],
  ])("refuses an unknown field of %s", (_, definition, location, field) => {
    expect(faults(definition)).toStrictEqual([
      `SCHEMA_VALIDATION_FAILED ${location}: Field '${field}' is not supported`,
    ]);
  });

  it("refuses an unknown type of state", () => {
    expect(faults(machine({ A: { Type: "Loop", End: true } }))).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /States/A/Type: Value should be one of the following: " +
        "[Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map]",
    ]);
  });

  it.each([
    ["Retry[0]/MaxAttempts", { Retry: [{ ErrorEquals: ["A"], MaxAttempts: -1 }] }],
    ["Retry[0]/IntervalSeconds", { Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 0.5 }] }],
    ["Retry[0]/BackoffRate", { Retry: [{ ErrorEquals: ["A"], BackoffRate: 0.9 }] }],
    ["Retry[0]/JitterStrategy", { Retry: [{ ErrorEquals: ["A"], JitterStrategy: "HALF" }] }],
    ["Retry[0]/ErrorEquals", { Retry: [{ ErrorEquals: [] }] }],
    ["Retry[0]/MaxDelaySeconds", { Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 5, MaxDelaySeconds: 5 }] }],
    ["TimeoutSeconds", { TimeoutSeconds: 0 }],
    ["TimeoutSeconds", { TimeoutSeconds: "60" }],
    ["HeartbeatSeconds", { TimeoutSeconds: 10, HeartbeatSeconds: 10 }],
    ["Assign", { Assign: { "no-identifier": 1 } }],
    ["Assign", { Assign: { states: 1 } }],
  ])("refuses a value that its field cannot take: %s", (field, more) => {
    const found = check(machine({ A: task("f", { ...more, End: true }) }));

    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ code: "SCHEMA_VALIDATION_FAILED" });
    expect(found[0]?.location).toContain(`/States/A/${field}`);
  });

  it("refuses transitions to states that the workflow does not have", () => {
    const lost = (more: object) => machine({ A: task("f", more), ...done });

    expect(faults({ ...machine({ A: pass }), StartAt: "B" })).toStrictEqual([
      "MISSING_TRANSITION_TARGET /StartAt: Missing 'Next' target: B",
      'MISSING_TRANSITION_TARGET /States/A: State "A" is not reachable.',
    ]);
    expect(faults(lost({ Next: "Nowhere" }))).toContain(
      "MISSING_TRANSITION_TARGET /States/A/Next: Missing 'Next' target: Nowhere",
    );
    expect(faults(lost({ Next: "Done", Catch: [{ ErrorEquals: ["A"], Next: "Nowhere" }] }))).toStrictEqual([
      "MISSING_TRANSITION_TARGET /States/A/Catch[0]/Next: Missing 'Next' target: Nowhere",
    ]);
    expect(
      faults(
        machine({
          C: {
            Type: "Choice",
            Choices: [{ Condition: "{% true %}", Next: "Nowhere" }],
            Default: "NeitherHere",
          },
          ...done,
        }),
      ),
    ).toStrictEqual([
      "MISSING_TRANSITION_TARGET /States/C/Choices[0]/Next: Missing 'Next' target: Nowhere",
      "MISSING_TRANSITION_TARGET /States/C/Default: Missing 'Next' target: NeitherHere",
      'MISSING_TRANSITION_TARGET /States/Done: State "Done" is not reachable.',
    ]);
  });

  it("refuses a transition out of a branch", () => {
    const definition = machine({
      P: {
        Type: "Parallel",
        Branches: [{ StartAt: "B", States: { B: { Type: "Pass", Next: "Done" } } }],
        Next: "Done",
      },
      ...done,
    });

    expect(faults(definition)).toStrictEqual([
      "MISSING_TRANSITION_TARGET /States/P/Branches[0]/States/B/Next: Missing 'Next' target: Done",
      "MISSING_END_STATE /States/P/Branches[0]/States: No terminal state: the workflow never ends",
    ]);
  });

  it("refuses a workflow that never ends", () => {
    expect(faults(machine({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } }))).toStrictEqual(
      ["MISSING_END_STATE /States: No terminal state: the workflow never ends"],
    );
  });

  it("refuses a state with both Next and End, and one with neither", () => {
    expect(faults(machine({ A: { ...pass, Next: "Done" }, ...done }))).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /States/A: State must not have both 'Next' and 'End'",
    ]);
    expect(
      faults(
        machine({
          A: { Type: "Choice", Choices: [{ Condition: "{% true %}", Next: "B" }] },
          B: { Type: "Pass" },
          ...done,
        }),
      ),
    ).toContain("SCHEMA_VALIDATION_FAILED /States/B: State must have either 'Next' or 'End' set to true");
  });

  it("refuses a name that two states have, also in different workflows", () => {
    const definition = machine({
      P: { Type: "Parallel", Branches: [{ StartAt: "Done", States: { Done: pass } }], Next: "Done" },
      ...done,
    });

    expect(faults(definition)).toStrictEqual([
      'DUPLICATE_STATE_NAME /States/P/Branches[0]/States/Done: State name "Done" appears more than once',
    ]);
  });

  it.each([
    ["with other names", [{ ErrorEquals: ["A", "States.ALL"], Next: "Done" }], "must appear alone"],
    [
      "before others",
      [
        { ErrorEquals: ["States.ALL"], Next: "Done" },
        { ErrorEquals: ["A"], Next: "Done" },
      ],
      "must be in the last entry",
    ],
  ])("refuses States.ALL %s", (_, Catch, reason) => {
    expect(faults(machine({ A: task("f", { Catch, Next: "Done" }), ...done }))).toStrictEqual([
      `SCHEMA_VALIDATION_FAILED /States/A/Catch[0]/ErrorEquals: 'States.ALL' ${reason}`,
    ]);
  });

  it.each([
    ["both Seconds and Timestamp", { Seconds: 1, Timestamp: "2026-01-01T00:00:00Z" }],
    ["neither", {}],
  ])("refuses a Wait state with %s", (_, wait) => {
    expect(faults(machine({ W: { Type: "Wait", ...wait, End: true } }))).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /States/W: A Wait state has exactly one of these fields: [Seconds, Timestamp]",
    ]);
  });

  it.each([
    "arn:aws:states:::aws-sdk:sagemaker:describeModelCard",
    "arn:aws:states:::dynamodb:putItem",
    "arn:aws:lambda:eu-central-1:111111111111:function:f",
  ])("refuses the resource %s, which is not built", (Resource) => {
    expect(faults(machine({ A: { ...task("f"), Resource } }))).toStrictEqual([
      `SCHEMA_VALIDATION_FAILED /States/A/Resource: The resource ${Resource} is not built in the local endpoint`,
    ]);
  });

  it.each([
    ["no Arguments", undefined, 'The field "FunctionName" is required but was missing'],
    ["no function", { Payload: 1 }, 'The field "FunctionName" is required but was missing'],
    [
      "a further argument",
      { FunctionName: "f", InvocationType: "Event" },
      'The field "InvocationType" is not built in the local endpoint',
    ],
  ])("refuses a call of Lambda with %s", (_, Arguments, message) => {
    expect(faults(machine({ A: { ...task("f"), Arguments } }))).toStrictEqual([
      `SCHEMA_VALIDATION_FAILED /States/A/Arguments: ${message}`,
    ]);
  });

  it.each([
    ["a[1,2)", 'Expected "]", got ","'],
    ['"unterminated', "String literal must be terminated by a matching quote"],
    ["1 +", "Unexpected end of expression"],
    ['{"a":}', 'The symbol "}" cannot be used as a unary operator'],
    ["$x :=", "Unexpected end of expression"],
    ["", "Unexpected end of expression"],
  ])("refuses the expression %s, which does not parse", (source, message) => {
    expect(faults(machine({ A: { ...pass, Output: { v: `{% ${source} %}` } } }))).toStrictEqual([
      `INVALID_JSONATA_EXPRESSION /States/A/Output/v: ${message}`,
    ]);
  });

  it.each([
    ["phone", "Reference to 'phone' at the top level is not supported."],
    ["$not(phone)", "Reference to 'phone' at the top level is not supported."],
    ["{'a': [1, phone]}", "Reference to 'phone' at the top level is not supported."],
    ["$map($states.input.a, function($x){ b })", "Reference to 'b' at the top level is not supported."],
    ["$", "Reference to '$' at the top level is not supported."],
    ["$$.a", "Reference to '$$' is not supported."],
    ["$states.errorOutput", "Field '$states.errorOutput' does not exist."],
    ["$states.result", "Field '$states.result' does not exist."],
    ["$states.inptu.a", "Field '$states.inptu' does not exist."],
  ])("refuses the expression %s, which reads what is not there", (source, message) => {
    expect(faults(machine({ A: { ...pass, Output: `{% ${source} %}` } }))).toStrictEqual([
      `UNSUPPORTED_JSONATA_EXPRESSION /States/A/Output: ${message}`,
    ]);
  });

  it.each([
    "$states.input.items[value > 3]",
    "$states.input.items.{'k': name}",
    "$states.input.items^(>price)",
    "$sum($states.input.items.price)",
    "$states.input ~> |a|{'b': c}|",
    "($f := function($x){ $x.name }; $f($states.input))",
    "$states.context.Execution.Id",
    "$merge([$states.input, {'a': 1}])",
  ])("accepts the expression %s", (source) => {
    expect(faults(machine({ A: { ...pass, Output: `{% ${source} %}` } }))).toStrictEqual([]);
  });

  it("knows $states.result only after the work and $states.errorOutput only in a catcher", () => {
    const definition = (Catch: object) =>
      machine({
        A: task("f", { Catch: [{ ErrorEquals: ["A"], Next: "Done", ...Catch }], Next: "Done" }),
        ...done,
      });

    expect(faults(definition({ Output: "{% $states.errorOutput %}" }))).toStrictEqual([]);
    expect(faults(definition({ Output: "{% $states.result %}" }))).toStrictEqual([
      "UNSUPPORTED_JSONATA_EXPRESSION /States/A/Catch[0]/Output: Field '$states.result' does not exist.",
    ]);
    expect(
      faults(
        machine({ A: { ...task("f"), Arguments: { FunctionName: "f", Payload: "{% $states.result %}" } } }),
      ),
    ).toStrictEqual([
      "UNSUPPORTED_JSONATA_EXPRESSION /States/A/Arguments/Payload: Field '$states.result' does not exist.",
    ]);
  });

  it("refuses an assignment in a branch to a variable of the machine", () => {
    const definition = machine({
      Seed: { Type: "Pass", Assign: { x: 1 }, Next: "P" },
      P: {
        Type: "Parallel",
        Branches: [{ StartAt: "B", States: { B: { ...pass, Assign: { x: 2, y: "{% $x %}" } } } }],
        End: true,
      },
    });

    expect(faults(definition)).toStrictEqual([
      "SCHEMA_VALIDATION_FAILED /States/P/Branches[0]/States/B/Assign/x: " +
        "The variable 'x' belongs to an outer scope and cannot be assigned here",
    ]);
  });

  it("puts all faults into the one sentence of InvalidDefinition", () => {
    const found = check(machine({ A: { Type: "Pass", Next: "B" } }));

    expect(describeDiagnostics(found)).toBe(
      "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, " +
        "MISSING_END_STATE: No terminal state: the workflow never ends at /States'",
    );
  });
});
