import { invalidPattern } from "./invalid-pattern.ts";

/**
 * The bits of an IPv4 or IPv6 address literal, read as Event Ruler does: four decimal numbers, or hexadecimal groups
 * with at most one `::`. An IPv4-mapped IPv6 address counts as IPv4.
 *
 * @returns nothing where the text is no address.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (ipv4.test(text)) return parseIpv4(text);
  return ipv6.test(text) ? parseIpv6(text) : undefined;
}

const ipv4 = /^\d+\.\d+\.\d+\.\d+$/;
const ipv6 = /^[0-9a-f:]*:[0-9a-f:]*$/i;

function looksLikeIpAddress(text: string): boolean {
  return ipv4.test(text) || ipv6.test(text);
}

interface IpAddress {
  /** 32 or 128. */
  bits: number;
  value: bigint;
}

/**
 * Compiles `10.0.0.0/24` or `2001:db8::/32` into a test of address literals.
 *
 * @throws {AwsError} `InvalidEventPatternException` where it is no range.
 */
export function compileCidr(cidr: string): (text: string) => boolean {
  const [literal = "", mask, ...rest] = cidr.split("/");
  if (mask === undefined || rest.length > 0) throw invalidPattern("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(mask)) throw invalidPattern("Malformed CIDR, mask bits must be an integer");
  const maskBits = Number(mask);
  if (maskBits < 0) throw invalidPattern("Malformed CIDR, mask bits must not be negative");
  const network = parseIpAddress(literal);
  if (network === undefined) {
    throw invalidPattern(`${looksLikeIpAddress(literal) ? "Invalid" : "Nonstandard"} IP address: ${literal}`);
  }
  if (maskBits >= network.bits) {
    throw invalidPattern(
      `IPv${network.bits === 32 ? "4" : "6"} mask bits must be < ${network.bits === 32 ? "32" : "128"}`,
    );
  }
  const variableBits = BigInt(network.bits - maskBits);
  const prefix = network.value >> variableBits;
  return (text) => {
    const address = parseIpAddress(text);
    return address !== undefined && address.bits === network.bits && address.value >> variableBits === prefix;
  };
}

function parseIpv4(text: string): IpAddress | undefined {
  const bytes = text.split(".").map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return { bits: 32, value: bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n) };
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const given = [...head, ...(tail ?? [])];
  const missing = 8 - given.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  if (given.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...(tail ?? [])];
  const value = groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value };
}
