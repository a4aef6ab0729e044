import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toXml } from "../../../local/wire/xml.ts";

describe("toXml", () => {
  it("writes structures, lists, maps, dates and numbers as AWS Query does", () => {
    const result = {
      Name: "a",
      Names: ["x", "y"],
      Details: new Map([["IAM Policy", "allowed"]]),
      At: new Date("2026-01-01T00:00:00.000Z"),
      Count: 3,
      Truncated: false,
      Empty: [],
      None: undefined,
    };

    expect(toXml(result)).toBe(
      "<Name>a</Name><Names><member>x</member><member>y</member></Names>" +
        "<Details><entry><key>IAM Policy</key><value>allowed</value></entry></Details>" +
        "<At>2026-01-01T00:00:00.000Z</At><Count>3</Count><Truncated>false</Truncated><Empty></Empty>",
    );
  });

  it("writes flattened lists and maps without an element around them", () => {
    const flattened = {
      Messages: { element: "Message" },
      Attributes: { element: "Attribute", entry: { key: "Name", value: "Value" } },
    };
    const result = { Messages: [{ Attributes: { constructor: "1", b: "2" } }, {}], constructor: "x" };

    expect(toXml(result, flattened)).toBe(
      "<Message><Attribute><Name>constructor</Name><Value>1</Value></Attribute>" +
        "<Attribute><Name>b</Name><Value>2</Value></Attribute></Message><Message></Message><constructor>x</constructor>",
    );
  });

  it("escapes what XML would take for markup", () => {
    expect(toXml({ Text: `<a href="x">&'\r` })).toBe("<Text>&#60;a href=&#34;x&#34;&#62;&#38;'&#13;</Text>");
  });

  it("writes only characters that XML can carry", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(toXml(text)).toMatch(/^[\t\n\u0020-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
      }),
    );
    expect(toXml("a\u0001\uD800b")).toBe("a\uFFFD\uFFFDb");
  });
});
