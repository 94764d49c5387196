import { BlockList, isIP, isIPv6 } from "node:net";

/** Addresses that are not of the public internet, by IANA's registries of special-purpose addresses. */
const special = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  special.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::", 96], // the unspecified one, the machine's own, and IPv4 in an outdated form
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  special.addSubnet(network, bits, "ipv6");
}

/** Whether an IP address is one of this machine, of its network, or of no single machine. What is no address counts, too. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, "").split("%")[0]!;
  if (isIP(plain) === 0) return true;
  if (!isIPv6(plain)) return special.check(plain, "ipv4");
  const mapped = mappedIpv4(plain);
  return mapped === undefined ? special.check(plain, "ipv6") : special.check(mapped, "ipv4");
}

/** The IPv4 address that `::ffff:a.b.c.d` stands for, however it is written. */
function mappedIpv4(address: string): string | undefined {
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}
